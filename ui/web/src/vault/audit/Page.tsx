import { Empty } from "../../design/components/States";
import { Answered } from "../../parts/Answered";
import { useVaultAnswer } from "../answer";
import { DEVICES } from "./documents";
import { Events } from "./Events";
import { useAuditWords } from "./words";
import "./audit.css";

/** What was asked of the vault and how it answered, as its devices write it down. */
export function Page() {
  const t = useAuditWords();
  const answer = useVaultAnswer({ query: DEVICES, variables: {} });
  return (
    <div className="audit">
      <h2>{t.title}</h2>
      <Answered answer={answer}>
        {({ vaultAuditDevices: devices }) => (
          <>
            <Devices devices={devices} />
            {devices.some(({ type }) => type === "graph") ? (
              <Events />
            ) : (
              <Empty title={t.noGraph}>
                <span>{t.noGraphText}</span>
                <pre className="vault-command">svault audit enable graph</pre>
              </Empty>
            )}
          </>
        )}
      </Answered>
    </div>
  );
}

interface Device {
  readonly path: string;
  readonly type: string;
  readonly description: string;
}

/** The devices that are enabled. */
function Devices({ devices }: { devices: readonly Device[] }) {
  const t = useAuditWords();
  if (devices.length === 0) return <p className="muted">{t.noDevices}</p>;
  return (
    <ul className="row wrap" aria-label={t.devices}>
      {devices.map(({ path, type, description }) => (
        <li key={path} className="audit-device">
          <code>{path}</code>
          <span className="badge">{type}</span>
          {description && (
            <span className="muted truncate" dir="auto">
              {description}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
