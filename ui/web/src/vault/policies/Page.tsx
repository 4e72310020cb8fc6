import { useState } from "react";
import type { VaultPolicyKind } from "../../api/gql/graphql";
import { Button } from "../../design/components/Button";
import { Empty } from "../../design/components/States";
import { Answered } from "../../parts/Answered";
import { useAddress } from "../../parts/address";
import { useVaultAnswer } from "../answer";
import { ACCESS, type Decision, POLICIES, POLICY } from "./documents";
import { Explain } from "./Explain";
import { List } from "./List";
import { kindOf, lineIn, questionOf } from "./model";
import { New } from "./New";
import { Text } from "./Text";
import { Versions } from "./Versions";
import { Why } from "./Why";
import { usePolicyWords } from "./words";
import "./policies.css";

const NO_QUESTION = { operation: "READ", path: "" } as const;

/** Who may do what: the policies, the text of one, and why somebody may or may not do something. */
export function Page() {
  const t = usePolicyWords();
  const [address, set] = useAddress();
  const [asked, setAsked] = useState(false);
  const [isDraft, setIsDraft] = useState(false);
  const list = useVaultAnswer({ query: POLICIES, variables: {} });
  const question = questionOf(address);
  const access = useVaultAnswer({ query: ACCESS, variables: { input: question ?? NO_QUESTION }, pause: !question });
  const { name } = address;
  const kind = kindOf(address["kind"]);
  return (
    <div className="policies">
      <div className="row wrap policies-head">
        <h2>{t.title}</h2>
        <Button onPress={() => setAsked(true)}>{t.create}</Button>
      </div>
      <div className="policies-grid">
        <div className="policies-side">
          <Answered answer={list}>{({ vaultPolicies }) => <List policies={vaultPolicies} />}</Answered>
        </div>
        <div className="policies-main">
          {name ? (
            <Open
              key={`${kind} ${name}`}
              name={name}
              kind={kind}
              decision={question && access.data?.vaultAccess}
              line={lineIn(address["line"])}
              onDraft={setIsDraft}
              close={() => set({ name: undefined, kind: undefined, line: undefined })}
            />
          ) : (
            <Empty title={t.choose}>
              <Button onPress={() => setAsked(true)}>{t.create}</Button>
            </Empty>
          )}
        </div>
        <Explain address={address} set={(change) => set({ ...change, line: undefined })} open={name}>
          {question && (
            <Answered answer={access}>{({ vaultAccess }) => <Why decision={vaultAccess} isDraft={isDraft} />}</Answered>
          )}
        </Explain>
      </div>
      {asked && (
        <New
          begin={(next, of) => {
            setAsked(false);
            set({ name: next, kind: of, line: undefined });
          }}
          close={() => setAsked(false)}
        />
      )}
    </div>
  );
}

interface OpenProps {
  readonly name: string;
  readonly kind: VaultPolicyKind;
  readonly decision: Decision | undefined;
  readonly line: number | undefined;
  readonly onDraft: (isDraft: boolean) => void;
  readonly close: () => void;
}

/** One policy: its text and its versions. */
function Open({ name, kind, ...rest }: OpenProps) {
  const answer = useVaultAnswer({ query: POLICY, variables: { name, kind, version: null } });
  return (
    <Answered answer={answer}>
      {({ vaultPolicy }) => (
        <>
          <Text name={name} kind={kind} policy={vaultPolicy} {...rest} />
          {vaultPolicy && <Versions policy={vaultPolicy} />}
        </>
      )}
    </Answered>
  );
}
