import { useMemo } from "react";
import { useClient } from "urql";
import { type Failure, failureOf } from "../../api/errors";
import { useTold } from "../../parts/told";
import { DELETE, DELETE_ALL, DESTROY, STOP_USING, UNDELETE, UPDATE, USE } from "./documents";
import type { SettingChanges } from "./settings";
import { useSecretsWords } from "./words";

interface Changes {
  readonly remove: (version: number) => Promise<void>;
  readonly undelete: (version: number) => Promise<void>;
  readonly destroy: (version: number) => Promise<void>;
  /** Change how it is kept; why that was not done, if so. */
  readonly update: (changes: SettingChanges) => Promise<Failure | undefined>;
  /** Delete it with all its versions; whether that was done. */
  readonly removeAll: () => Promise<boolean>;
}

/** What can be done to a secret and its versions; each tells of it by a toast. Deleting a version can be taken back. */
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
    const update: Changes["update"] = async (changes) => {
      const { error } = await client.mutation(UPDATE, { input: { mount, path, ...changes } }).toPromise();
      if (error) return failureOf(error);
      told(undefined, t.settingsSaved);
      return undefined;
    };
    const removeAll: Changes["removeAll"] = async () => {
      const { error } = await client.mutation(DELETE_ALL, { input: { mount, path } }).toPromise();
      return told(error, t.gone(path));
    };
    return { remove, undelete, destroy, update, removeAll };
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
