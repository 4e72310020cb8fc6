import { type ReactNode, useState } from "react";
import { Button } from "../design/components/Button";
import { Dialog } from "../design/components/Dialog";
import { useVaultWords } from "./words";

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  /** What the button says that does it. */
  readonly action: string;
  readonly act: () => Promise<void>;
  readonly close: () => void;
}

/** Asks before something is done that cannot be taken back. */
export function Confirm({ title, children, action, act, close }: Props) {
  const t = useVaultWords();
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    await act();
    close();
  };
  return (
    <Dialog open onClose={close} label={title}>
      <div className="dialog-body">
        <h2>{title}</h2>
        <div>{children}</div>
        <div className="dialog-actions">
          <Button onPress={close}>{t.cancel}</Button>
          <Button kind="danger" disabled={busy} onPress={() => void go()}>
            {action}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
