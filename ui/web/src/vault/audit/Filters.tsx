import type { Address, Change } from "../../parts/address";
import { Check, Choices, Pick } from "../../parts/Choices";
import { Typed } from "../../parts/Typed";
import { OPERATIONS, RANGES, rangeOf, SIDES, sideOf } from "./model";
import { useAuditWords } from "./words";

/** An address that asks for everything. */
export const NO_FILTER: Change = {
  path: undefined,
  op: undefined,
  refused: undefined,
  range: "all",
  since: undefined,
  until: undefined,
  side: undefined,
  checks: "yes",
};

interface Props {
  readonly address: Address;
  readonly set: (change: Change) => void;
}

/** Which lines show; the address has it. */
export function Filters({ address, set }: Props) {
  const t = useAuditWords();
  const range = rangeOf(address);
  return (
    <>
      <Typed label={t.path} value={address["path"] ?? ""} change={(path) => set({ path })} />
      <Pick
        label={t.operation}
        options={[{ key: "", name: t.anyOperation }, ...OPERATIONS.map((key) => ({ key, name: key }))]}
        value={address["op"] ?? ""}
        choose={(op) => set({ op })}
      />
      <Pick
        label={t.range}
        options={RANGES.map((key) => ({ key, name: t[key] }))}
        value={range}
        choose={(next) => set({ range: next === "day" ? undefined : next, since: undefined, until: undefined })}
      />
      {range === "own" && (
        <>
          <Instant label={t.since} value={address["since"]} change={(since) => set({ since, range: "own" })} />
          <Instant label={t.until} value={address["until"]} change={(until) => set({ until, range: "own" })} />
        </>
      )}
      <Check
        name={t.refusedOnly}
        value={Boolean(address["refused"])}
        change={(only) => set({ refused: only ? "yes" : undefined })}
      />
      <Choices
        label={t.side}
        options={SIDES.map((key) => ({ key, name: t[key] }))}
        value={sideOf(address["side"])}
        choose={(side) => set({ side: side === "response" ? undefined : side })}
      />
    </>
  );
}

interface InstantProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly change: (value: string) => void;
}

/** A moment of the reader's own clock. */
function Instant({ label, value, change }: InstantProps) {
  return (
    <label className="row">
      {label}
      <input
        className="input audit-instant"
        type="datetime-local"
        value={value ?? ""}
        onChange={(event) => change(event.target.value)}
      />
    </label>
  );
}
