import { type ReactNode, useEffect, useRef } from "react";
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
  useReturn(open);
  return (
    <ModalOverlay className="overlay" isOpen={open} isDismissable onOpenChange={(next) => !next && onClose()}>
      <Modal className={wide ? "dialog wide" : "dialog"}>
        <AriaDialog aria-label={label}>{children}</AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/**
 * Gives the focus back when the dialog closes by itself, after an answer of the server: react-aria tries before the page
 * behind takes it again.
 */
function useReturn(open: boolean): void {
  const opener = useRef<Element | null>(null);
  if (!open) opener.current = null;
  else opener.current ??= document.activeElement;
  useEffect(() => {
    const from = opener.current;
    if (!open) return;
    return () => {
      setTimeout(() => {
        if (document.activeElement === document.body && from instanceof HTMLElement) from.focus();
      });
    };
  }, [open]);
}
