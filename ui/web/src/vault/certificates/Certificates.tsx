import { Button } from "../../design/components/Button";
import { Empty } from "../../design/components/States";
import { Answered } from "../../parts/Answered";
import { useAddress } from "../../parts/address";
import { Choices } from "../../parts/Choices";
import { dayOf, isDay } from "../../parts/calendar";
import { More } from "../../parts/More";
import { useNow } from "../../parts/now";
import { usePaging } from "../../parts/paging";
import { Split } from "../../parts/Split";
import { useVaultAnswer } from "../answer";
import { Days } from "./Days";
import { Details } from "./Details";
import { CERTIFICATES, type Certificate } from "./documents";
import { List } from "./List";
import { FILTERS, filterOf, nextDay, passes, viewOf } from "./model";
import { useCertificateWords } from "./words";

const TICK_MS = 60_000;

/** The certificates of a mount. */
export function Certificates({ mount }: { mount: string }) {
  const t = useCertificateWords();
  const paging = usePaging(500, mount);
  const { first, after } = paging;
  const answer = useVaultAnswer({ query: CERTIFICATES, variables: { mount, first, after } });
  const nothing = (
    <Empty title={t.empty}>
      <span>{t.emptyText}</span>
      <pre className="vault-command">{`svault pki issue ROLE app.example.com --mount ${mount.replace(/\/$/, "")}`}</pre>
    </Empty>
  );
  return (
    <Answered
      answer={answer}
      empty={({ certificates }) => certificates.nodes.length === 0 && after === null && nothing}
    >
      {({ certificates: { nodes, pageInfo } }) => (
        <>
          <Shown all={nodes} />
          <More paging={paging} shown={nodes.length} end={pageInfo.endCursor} next={pageInfo.hasNextPage} />
        </>
      )}
    </Answered>
  );
}

/** Those that the filter lets through, in the chosen view. */
function Shown({ all }: { all: readonly Certificate[] }) {
  const t = useCertificateWords();
  const now = useNow(TICK_MS);
  const [address, set] = useAddress();
  const filter = filterOf(address["filter"]);
  const shown = all.filter((one) => passes(one, filter, now));
  const day = isDay(address["day"]) ? address["day"] : (nextDay(shown, now) ?? dayOf(now));
  const serial = address["serial"];
  const details = serial && (
    <Details key={serial} serial={serial} certificates={all} now={now} close={() => set({ serial: undefined })} />
  );
  return (
    <>
      <div className="filters">
        <Choices
          label={t.filter}
          options={FILTERS.map((key) => ({
            key,
            name: t[key],
            count: all.filter((one) => passes(one, key, now)).length,
          }))}
          value={filter}
          choose={(next) => set({ filter: next === "all" ? undefined : next, day: undefined })}
        />
      </div>
      {viewOf(address["view"]) === "calendar" ? (
        <Days
          certificates={shown}
          day={day}
          now={now}
          choose={(next) => set({ day: next, serial: undefined })}
          details={details}
        />
      ) : (
        <Split beside={details}>
          {shown.length > 0 ? (
            <List certificates={shown} now={now} />
          ) : (
            <Empty title={t.none}>
              <Button onPress={() => set({ filter: undefined })}>{t.showAll}</Button>
            </Empty>
          )}
        </Split>
      )}
    </>
  );
}
