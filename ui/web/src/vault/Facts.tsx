import type { ReactNode } from "react";

interface Props {
  /** Names and what they are; those that are nothing do not show. */
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}

/** Names and, beside them, what they are. */
export function Facts({ facts }: Props) {
  return (
    <dl className="vault-facts">
      {facts
        .filter(([, value]) => value)
        .map(([name, value]) => (
          <div key={name}>
            <dt dir="auto">{name}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ))}
    </dl>
  );
}
