import { Empty } from "../../design/components/States";
import { Answered } from "../../parts/Answered";
import { useAddress } from "../../parts/address";
import { Choices, Pick } from "../../parts/Choices";
import { useVaultAnswer } from "../answer";
import { Certificates } from "./Certificates";
import { MOUNTS } from "./documents";
import { VIEWS, viewOf } from "./model";
import { useCertificateWords } from "./words";
import "./certificates.css";

/** What a mount has issued and when it expires: as a calendar and as a list. */
export function Page() {
  const t = useCertificateWords();
  const [address, set] = useAddress();
  const answer = useVaultAnswer({ query: MOUNTS, variables: {} });
  const mounts = (answer.data?.mounts ?? []).filter(({ type }) => type === "pki").map(({ path }) => path);
  const mount = mounts.find((path) => path === address["mount"]) ?? mounts[0];
  const nothing = (
    <Empty title={t.noMount}>
      <span>{t.noMountText}</span>
      <pre className="vault-command">svault secrets enable pki</pre>
    </Empty>
  );
  return (
    <div className="certificates">
      <div className="row wrap certificates-head">
        <h2>{t.title}</h2>
        {mounts.length > 1 && mount && (
          <Pick
            label={t.mount}
            options={mounts.map((path) => ({ key: path, name: path }))}
            value={mount}
            choose={(next) => set({ mount: next, serial: undefined, day: undefined })}
          />
        )}
        {mounts.length === 1 && <code>{mount}</code>}
        {mount && (
          <Choices
            label={t.view}
            options={VIEWS.map((key) => ({ key, name: t[key] }))}
            value={viewOf(address["view"])}
            choose={(next) => set({ view: next === "calendar" ? undefined : next })}
          />
        )}
      </div>
      <Answered answer={answer} empty={() => !mount && nothing}>
        {() => mount && <Certificates key={mount} mount={mount} />}
      </Answered>
    </div>
  );
}
