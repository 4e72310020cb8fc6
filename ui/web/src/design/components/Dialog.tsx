import type { ReactNode } from "react";
import { Dialog as AriaDialog, Modal, ModalOverlay } from "react-aria-components";

interface Props {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly label: string;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A dialog over the page; Escape and a press outside close it, and the focus goes back to where it was. */
export function Dialog({ open, onClose, label, wide, children }: Props) {
  return (
    <ModalOverlay className="overlay" isOpen={open} isDismissable onOpenChange={(next) => !next && onClose()}>
      <Modal className={wide ? "dialog wide" : "dialog"}>
        <AriaDialog aria-label={label}>{children}</AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
