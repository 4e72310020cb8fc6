import { useState } from "react";
import { Button } from "../../design/components/Button";
import { Empty } from "../../design/components/States";
import { Answered } from "../../parts/Answered";
import { useAddress } from "../../parts/address";
import { More } from "../../parts/More";
import { usePaging } from "../../parts/paging";
import { Split } from "../../parts/Split";
import { useVaultAnswer } from "../answer";
import { Details } from "./Details";
import { EVENTS } from "./documents";
import { Filters, NO_FILTER } from "./Filters";
import { List } from "./List";
import { isCheck, ofSide, sideOf, whereOf } from "./model";
import { OverTime } from "./OverTime";
import { useAuditWords } from "./words";

/** The lines that the address asks for, newest first, and how many there were over time. */
export function Events() {
  const t = useAuditWords();
  const [address, set] = useAddress();
  const [now, setNow] = useState(Date.now);
  const where = whereOf(address, now);
  const paging = usePaging(500, JSON.stringify(where));
  const { first, after } = paging;
  const answer = useVaultAnswer({ query: EVENTS, variables: { where, first, after } });
  const side = sideOf(address["side"]);
  const chosen = address["event"];
  return (
    <>
      <div className="filters audit-filters">
        <Filters address={address} set={set} />
        <Button onPress={() => setNow(Date.now())}>{t.again}</Button>
      </div>
      <Answered answer={answer}>
        {({ vaultAudit: { nodes, pageInfo } }) => {
          const shown = address["checks"] ? nodes : nodes.filter((line) => !isCheck(line));
          const lines = ofSide(shown, side);
          return (
            <>
              {shown.length > 0 && <OverTime lines={shown} />}
              {nodes.length > shown.length && (
                <p className="row wrap muted">
                  {t.hidden(nodes.length - shown.length)}
                  <Button onPress={() => set({ checks: "yes" })}>{t.showHidden}</Button>
                </p>
              )}
              <Split
                beside={
                  chosen && (
                    <Details
                      key={chosen}
                      event={nodes.find(({ id }) => id === chosen)}
                      close={() => set({ event: undefined })}
                    />
                  )
                }
              >
                {lines.length > 0 ? (
                  <List lines={lines} />
                ) : (
                  <Empty title={t.none}>
                    <Button onPress={() => set(NO_FILTER)}>{t.noFilter}</Button>
                  </Empty>
                )}
                <More paging={paging} shown={nodes.length} end={pageInfo.endCursor} next={pageInfo.hasNextPage} />
              </Split>
            </>
          );
        }}
      </Answered>
    </>
  );
}
