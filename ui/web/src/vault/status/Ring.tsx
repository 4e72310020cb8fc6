import { arcsOf } from "./model";

const SIZE = 168;
const RADIUS = 72;
const CLOSED = "M8 11V8a4 4 0 018 0v3";
const OPEN = "M8 11V8a4 4 0 017.6-1.7";

interface Props {
  readonly needed: number;
  readonly given: number;
  readonly open: boolean;
}

/** How many of the needed shares were given, around a lock. It says nothing that the text beside it does not say. */
export function Ring({ needed, given, open }: Props) {
  return (
    <svg
      className={open ? "vault-ring open" : "vault-ring"}
      viewBox={`0 0 ${SIZE} ${SIZE}`}
      width={SIZE}
      height={SIZE}
      aria-hidden="true"
    >
      {arcsOf(needed, open ? needed : given, RADIUS, SIZE / 2).map(({ path, filled }) => (
        <path key={path} className={filled ? "vault-arc filled" : "vault-arc"} d={path} />
      ))}
      <g className="vault-lock" transform={`translate(${SIZE / 2 - 30} ${SIZE / 2 - 32}) scale(2.5)`}>
        <path d="M5 11h14v9H5z" />
        <path d={open ? OPEN : CLOSED} />
        <path d="M12 14.5v2" />
      </g>
    </svg>
  );
}
