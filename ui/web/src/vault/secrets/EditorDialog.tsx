import { useEffect, useState } from "react";
import type { Failure } from "../../api/errors";
import { refresh } from "../../api/refresh";
import { type Content, readSecret, type SecretPlace, type Version, writeSecret } from "../../api/values";
import { Button } from "../../design/components/Button";
import { Dialog } from "../../design/components/Dialog";
import { Loading } from "../../design/components/States";
import { useToast } from "../../shell/toasts";
import { Editor } from "./Editor";
import { useSecretsWords } from "./words";

interface Props {
  readonly place: SecretPlace;
  /** The secret is there already; else its path is written here. */
  readonly fixed?: boolean;
  /** The number of its newest version, where that is known: it is written in its place when it cannot be read. */
  readonly current?: number | null | undefined;
  readonly close: () => void;
  readonly wrote: (path: string) => void;
}

/**
 * Writes a new version. It begins with what the newest holds, and is written in the place of that one alone: when
 * somebody else wrote meanwhile, it is refused and says so.
 */
export function EditorDialog({ place, fixed = false, current, close, wrote }: Props) {
  const t = useSecretsWords();
  const [base, setBase] = useState<Version | undefined>(fixed ? undefined : { version: 0, content: null });
  const [failure, setFailure] = useState<Failure>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it opens
  useEffect(() => {
    if (!fixed) return;
    void readSecret(place).then((read) => {
      if ("found" in read) setBase(read.found);
      else if (read.failure.code === "FORBIDDEN" && current) setBase({ version: current, content: null });
      else setFailure(read.failure);
    });
  }, []);
  return (
    <Dialog open onClose={close} label={fixed ? t.write : t.create} wide>
      {base && <Writing place={place} fixed={fixed} base={base} close={close} wrote={wrote} />}
      {!base && (
        <div className="dialog-body">
          {failure ? <p role="alert">{failure.message}</p> : <Loading />}
          {failure && (
            <>
              <p className="muted">{t.noBase}</p>
              <div className="dialog-actions">
                <Button onPress={close}>{t.cancel}</Button>
              </div>
            </>
          )}
        </div>
      )}
    </Dialog>
  );
}

interface WritingProps extends Pick<Props, "place" | "close" | "wrote"> {
  readonly fixed: boolean;
  readonly base: Version;
}

function Writing({ place, fixed, base, close, wrote }: WritingProps) {
  const t = useSecretsWords();
  const toast = useToast();
  const [failure, setFailure] = useState<Failure>();
  const [met, setMet] = useState<number>();
  const save = async (path: string, content: Content, cas: number) => {
    const target = { ...place, path };
    if (!fixed && place.kv === 1 && (await isThere(target))) return setFailure({ code: "CONFLICT", message: t.exists });
    const done = await writeSecret(target, content, cas);
    if ("version" in done) {
      toast({ text: place.kv === 1 ? t.saved : t.savedVersion(done.version), tone: "ok" });
      refresh();
      wrote(path);
      return close();
    }
    if (!done.conflict) return setFailure(done.failure);
    const now = await readSecret(target);
    setMet("found" in now ? now.found.version : undefined);
    setFailure({ code: "CONFLICT", message: fixed ? t.conflict : t.exists });
  };
  return (
    <Editor
      path={place.path}
      fixed={fixed}
      kv={place.kv}
      base={base}
      failure={failure}
      close={close}
      save={(path, content) => save(path, content, base.version)}
      {...(met !== undefined && fixed
        ? { over: { version: met, save: (path, content) => save(path, content, met) } }
        : {})}
    />
  );
}

/** Whether there is a secret: kv 1 would write over it. */
async function isThere(place: SecretPlace): Promise<boolean> {
  const read = await readSecret(place);
  return "found" in read && read.found.version > 0;
}
