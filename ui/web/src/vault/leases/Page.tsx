import { useState } from "react";
import { failureOf } from "../../api/errors";
import { refresh } from "../../api/refresh";
import { Empty } from "../../design/components/States";
import { Answered } from "../../parts/Answered";
import { useAddress } from "../../parts/address";
import { More } from "../../parts/More";
import { useEvery, useNow } from "../../parts/now";
import { usePaging } from "../../parts/paging";
import { Split } from "../../parts/Split";
import { useVaultAnswer } from "../answer";
import { Confirm } from "../Confirm";
import { useLeaseActions } from "./actions";
import { Counts, useCounts } from "./Counts";
import { Details } from "./Details";
import { LEASES } from "./documents";
import { List } from "./List";
import { countBelow, prefixOf } from "./model";
import { Place } from "./Place";
import { useLeaseWords } from "./words";
import "./leases.css";

/** How often the leases are asked for again, and how often what they have left is drawn. */
const AGAIN_MS = 30_000;
const TICK_MS = 5_000;
/** How many leases show at once: the vault looks up each of them. */
const MOST = 200;

/** What lives in the vault and until when: by mount and prefix, to renew and to revoke. */
export function Page() {
  const t = useLeaseWords();
  const counts = useCounts();
  const known = counts.data?.leaseCounts;
  return (
    <div className="leases">
      <div className="row leases-head">
        <h2>{t.title}</h2>
        {known && <span className="muted">{known.reduce((sum, { count }) => sum + count, 0)}</span>}
      </div>
      <Counts answer={counts} />
      {known?.length !== 0 && <Below counts={known ?? []} />}
    </div>
  );
}

/** The leases below the prefix of the address. */
function Below({ counts }: { counts: readonly { path: string; count: number }[] }) {
  const t = useLeaseWords();
  const now = useNow(TICK_MS);
  const [address, set] = useAddress();
  const { revoke } = useLeaseActions();
  const [asked, setAsked] = useState<{ readonly id: string; readonly prefix: boolean }>();
  const prefix = prefixOf(address["prefix"] ?? "");
  const chosen = address["lease"];
  const paging = usePaging(100, prefix, MOST);
  const { first, after } = paging;
  const answer = useVaultAnswer({ query: LEASES, variables: { prefix, first, after } });
  useEvery(AGAIN_MS, refresh);
  if (!prefix && answer.error && failureOf(answer.error).code === "FORBIDDEN" && counts.length > 0)
    return (
      <Empty title={t.notAll}>
        <span>{t.notAllText}</span>
      </Empty>
    );
  return (
    <Answered answer={answer}>
      {({ leases: { nodes, pageInfo } }) => {
        const ids = nodes.map(({ id }) => id);
        const isAll = !pageInfo.hasNextPage && after === null;
        const below = countBelow(asked?.id ?? prefix, ids, isAll, counts);
        return (
          <>
            <Place
              prefix={prefix}
              ids={ids}
              more={!isAll}
              go={(next) => set({ prefix: next, lease: undefined })}
              revoke={nodes.length > 0 && prefix ? () => setAsked({ id: prefix, prefix: true }) : undefined}
            />
            <Split
              beside={
                chosen && (
                  <Details
                    key={chosen}
                    id={chosen}
                    lease={nodes.find(({ id }) => id === chosen)}
                    now={now}
                    revoke={(id) => setAsked({ id, prefix: false })}
                    close={() => set({ lease: undefined })}
                  />
                )
              }
            >
              {nodes.length > 0 ? (
                <List leases={nodes} prefix={prefix} now={now} revoke={(id) => setAsked({ id, prefix: false })} />
              ) : (
                <Empty title={t.noneHere} />
              )}
              <More paging={paging} shown={nodes.length} end={pageInfo.endCursor} next={pageInfo.hasNextPage} />
            </Split>
            {asked && (
              <Confirm
                title={asked.prefix ? t.revokeAllTitle(asked.id) : t.revokeOf(asked.id)}
                action={asked.prefix ? t.revokeAllAct(below.count, below.more) : t.revoke}
                act={() => revoke(asked.id, asked.prefix)}
                close={() => setAsked(undefined)}
              >
                {asked.prefix ? t.revokeCount(below.count, below.more) : t.revokeText}
              </Confirm>
            )}
          </>
        );
      }}
    </Answered>
  );
}
