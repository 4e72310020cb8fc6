import { useEffect, useState } from "react";
import { Button } from "../../design/components/Button";
import { Empty } from "../../design/components/States";
import { Answered } from "../../parts/Answered";
import { useAddress } from "../../parts/address";
import { Pick } from "../../parts/Choices";
import { Typed } from "../../parts/Typed";
import { useVaultAnswer } from "../answer";
import { ListAndDetail } from "../ListAndDetail";
import { mountOf } from "../model";
import { MOUNTS, type Mount } from "../mounts/documents";
import { Details } from "./Details";
import { EditorDialog } from "./EditorDialog";
import { Found } from "./Found";
import { placeOf } from "./model";
import { Tree } from "./Tree";
import { useSecretsWords } from "./words";
import "./secrets.css";

/** The secrets of a mount by name, and one of them: what is known of it, and its values on purpose. */
export function Page() {
  const t = useSecretsWords();
  const answer = useVaultAnswer({ query: MOUNTS, variables: {} });
  const kv = ({ mounts }: { mounts: readonly Mount[] }) =>
    mounts.filter(({ kind, type }) => kind === "SECRETS" && type === "kv");
  return (
    <Answered
      answer={answer}
      empty={(data) =>
        kv(data).length === 0 && (
          <Empty title={t.noMounts} level={2}>
            <span>{t.noMountsText}</span>
            <code>svault secrets enable --path secret kv-v2</code>
          </Empty>
        )
      }
    >
      {(data) => <Secrets mounts={kv(data)} />}
    </Answered>
  );
}

function Secrets({ mounts }: { mounts: readonly Mount[] }) {
  const t = useSecretsWords();
  const [{ mount: named, path = "", q = "", ref }, set] = useAddress();
  const [creating, setCreating] = useState(false);
  const [written, setWritten] = useState(0);
  const names = mounts.map((one) => mountOf(one.path));
  const newest = mountOf((mounts.find(({ version }) => version === 2) ?? mounts[0])?.path ?? "");
  const mount = named !== undefined && names.includes(named) ? named : newest;
  const kv = mounts[names.indexOf(mount)]?.version === 2 ? 2 : 1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: an address by reference is made one by mount and path
  useEffect(() => {
    if (ref !== undefined) set({ ...placeOf(ref, names), ref: undefined, q: undefined });
  }, [ref]);
  const choose = (next: string) => set({ mount, path: next });
  const wrote = (next: string) => {
    setWritten((count) => count + 1);
    choose(next);
  };
  const removed = () => {
    setWritten((count) => count + 1);
    set({ path: undefined });
  };
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const secret = path !== "" && !path.endsWith("/");
  return (
    <>
      <div className="filters">
        <Pick
          label={t.mount}
          options={mounts.map((one) => ({ key: mountOf(one.path), name: `${one.path} · kv ${one.version ?? 1}` }))}
          value={mount}
          choose={(next) => set({ mount: next, path: undefined, q: undefined })}
        />
        <Typed key={mount} label={t.search} value={q} change={(next) => set({ q: next })} />
        <span className="secrets-actions">
          <Button kind={secret ? "normal" : "primary"} onPress={() => setCreating(true)}>
            {t.create}
          </Button>
        </span>
      </div>
      <ListAndDetail
        chosen={secret}
        list={
          <>
            {q && <Found mount={mount} search={q} path={path} choose={choose} />}
            <div hidden={q !== ""}>
              <Tree key={mount} mount={mount} path={path} choose={choose} written={written} />
            </div>
          </>
        }
        detail={
          secret ? (
            <Details key={`${mount} ${path}`} place={{ mount, path, kv }} wrote={wrote} removed={removed} />
          ) : (
            <Empty title={t.choose}>
              <span>{t.chooseText}</span>
            </Empty>
          )
        }
      />
      {creating && <EditorDialog place={{ mount, path: folder, kv }} close={() => setCreating(false)} wrote={wrote} />}
    </>
  );
}
