import { Button } from "../../design/components/Button";
import { crumbsOf, foldersOf } from "./model";
import { useLeaseWords } from "./words";

interface Props {
  readonly prefix: string;
  readonly ids: readonly string[];
  /** There are more leases than these. */
  readonly more: boolean;
  readonly go: (prefix: string) => void;
  /** Asks whether all of these should be revoked; nothing where that cannot be. */
  readonly revoke: (() => void) | undefined;
}

/** Where the list stands: the folders above it, those below it, and what can be done to all of it. */
export function Place({ prefix, ids, more, go, revoke }: Props) {
  const t = useLeaseWords();
  const folders = foldersOf(ids, prefix);
  return (
    <div className="leases-place">
      <nav aria-label={t.prefix} className="leases-crumbs">
        <button type="button" className="leases-crumb" onClick={() => go("")} aria-current={prefix === ""}>
          {t.all}
        </button>
        {crumbsOf(prefix).map((crumb) => (
          <button
            key={crumb.prefix}
            type="button"
            className="leases-crumb mono"
            aria-current={crumb.prefix === prefix}
            onClick={() => go(crumb.prefix)}
          >
            {crumb.name}
          </button>
        ))}
      </nav>
      {revoke && (
        <Button kind="danger" onPress={revoke}>
          {t.revokeAll}
        </Button>
      )}
      {folders.length > 0 && (
        <ul className="leases-folders" aria-label={t.below}>
          {folders.map((folder) => (
            <li key={folder.prefix}>
              <button
                type="button"
                className="leases-folder"
                aria-label={t.openFolder(folder.prefix, folder.count, more)}
                onClick={() => go(folder.prefix)}
              >
                <span className="mono truncate">{folder.prefix.slice(prefix.length)}</span>
                <span className="muted">{`${folder.count}${more ? "+" : ""}`}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
