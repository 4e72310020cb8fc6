import { useMemo } from "react";
import { useClient } from "urql";
import { useTold } from "../../parts/told";
import { DELETE, DESTROY, STOP_USING, UNDELETE, USE } from "./documents";
import { useSecretsWords } from "./words";

interface Changes {
  readonly remove: (version: number) => Promise<void>;
  readonly undelete: (version: number) => Promise<void>;
  readonly destroy: (version: number) => Promise<void>;
}

/** What can be done to versions of a secret; each tells of it by a toast. Deleting can be taken back. */
export function useChanges({ mount, path }: { mount: string; path: string }): Changes {
  const client = useClient();
  const told = useTold();
  const t = useSecretsWords();
  return useMemo(() => {
    const about = (version: number) => ({ input: { mount, path, versions: [version] } });
    const undelete: Changes["undelete"] = async (version) => {
      const { error } = await client.mutation(UNDELETE, about(version)).toPromise();
      told(error, t.undeleted(version));
    };
    const remove: Changes["remove"] = async (version) => {
      const { error } = await client.mutation(DELETE, about(version)).toPromise();
      told(error, t.deletedNow(version), () => void undelete(version));
    };
    const destroy: Changes["destroy"] = async (version) => {
      const { error } = await client.mutation(DESTROY, about(version)).toPromise();
      told(error, t.destroyedNow(version));
    };
    return { remove, undelete, destroy };
  }, [client, told, t, mount, path]);
}

export interface Use {
  readonly graph: string;
  readonly node: string;
  readonly reference: string;
}

interface Uses {
  /** Notes that a node uses a secret; whether that was done. */
  readonly use: (input: Use) => Promise<boolean>;
  readonly stop: (input: Use) => Promise<boolean>;
}

/** Notes in the graph which nodes use which secrets; each tells of it by a toast and can be taken back. */
export function useUses(): Uses {
  const client = useClient();
  const told = useTold();
  const t = useSecretsWords();
  return useMemo(() => {
    const use: Uses["use"] = async (input) => {
      const { error } = await client.mutation(USE, { input }).toPromise();
      return told(error, t.noted, () => void stop(input));
    };
    const stop: Uses["stop"] = async (input) => {
      const { error } = await client.mutation(STOP_USING, { input }).toPromise();
      return told(error, t.notUsed, () => void use(input));
    };
    return { use, stop };
  }, [client, told, t]);
}
