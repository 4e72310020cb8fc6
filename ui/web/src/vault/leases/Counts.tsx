import { Link } from "@tanstack/react-router";
import { Empty } from "../../design/components/States";
import { Answered } from "../../parts/Answered";
import { Bars } from "../../parts/Bars";
import { useVaultAnswer } from "../answer";
import { COUNTS } from "./documents";
import { useLeaseWords } from "./words";

/** How many leases each mount has; a mount leads to its own. */
export function useCounts() {
  return useVaultAnswer({ query: COUNTS, variables: {} });
}

export function Counts({ answer }: { answer: ReturnType<typeof useCounts> }) {
  const t = useLeaseWords();
  const nothing = (
    <Empty title={t.empty}>
      <span>{t.emptyText}</span>
    </Empty>
  );
  return (
    <Answered answer={answer} empty={({ leaseCounts }) => leaseCounts.length === 0 && nothing}>
      {({ leaseCounts }) => (
        <div className="card leases-counts">
          <Bars
            label={t.counts}
            names={t.mount}
            values={t.count}
            bars={[...leaseCounts]
              .sort((a, b) => b.count - a.count)
              .map(({ path, count }) => ({
                key: path,
                value: count,
                name: (
                  <Link
                    to="."
                    search={((before: object) => ({ ...before, prefix: path, lease: undefined })) as never}
                    className="mono truncate"
                  >
                    {path}
                  </Link>
                ),
              }))}
          />
        </div>
      )}
    </Answered>
  );
}
