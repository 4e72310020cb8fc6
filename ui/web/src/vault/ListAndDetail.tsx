import type { ReactNode } from "react";

interface Props {
  readonly list: ReactNode;
  /** What is chosen in the list; where there is little room it stands alone. */
  readonly detail: ReactNode;
  readonly chosen: boolean;
}

/** A list and, beside it, what is chosen in it. */
export function ListAndDetail({ list, detail, chosen }: Props) {
  return (
    <div className={chosen ? "vault-split chosen" : "vault-split"}>
      <div className="vault-list">{list}</div>
      <div className="vault-detail">{detail}</div>
    </div>
  );
}
