import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";
import { Button } from "../design/components/Button";
import { useShortcuts } from "./shortcuts";
import { useShellWords } from "./words";

export interface Toast {
  readonly text: string;
  readonly tone?: "info" | "ok" | "error";
  /** Takes back what the toast tells of. */
  readonly undo?: () => void;
}

const SHOWN_MS = 8_000;
const Context = createContext<(toast: Toast) => void>(() => undefined);

/**
 * Shows short messages in a corner; screen readers hear them, and errors at once. They stay while they are pointed at or
 * have the focus. Ctrl and Z take back what the latest one tells of.
 */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly (Toast & { readonly key: number })[]>([]);
  const t = useShellWords();
  const drop = useCallback((key: number) => setToasts((all) => all.filter((one) => one.key !== key)), []);
  const corner = useRef<HTMLDivElement>(null);
  const add = useCallback(
    (toast: Toast) => {
      const key = performance.now() + Math.random();
      const end = () => (corner.current?.matches(":hover, :focus-within") ? setTimeout(end, SHOWN_MS) : drop(key));
      setToasts((all) => [...all.slice(-3), { ...toast, key }]);
      setTimeout(end, toast.tone === "error" ? 2 * SHOWN_MS : SHOWN_MS);
    },
    [drop],
  );
  const shortcuts = useMemo(
    () => ({
      "mod+z": () => {
        const last = toasts.findLast((toast) => toast.undo);
        last?.undo?.();
        if (last) drop(last.key);
      },
    }),
    [toasts, drop],
  );
  useShortcuts(shortcuts);
  const shown = useMemo(
    () =>
      toasts.map((toast) => (
        <div
          key={toast.key}
          className={`toast ${toast.tone ?? "info"}`}
          role={toast.tone === "error" ? "alert" : undefined}
        >
          <span>{toast.text}</span>
          {toast.undo && (
            <Button
              kind="quiet"
              onPress={() => {
                toast.undo?.();
                drop(toast.key);
              }}
            >
              {t.undo}
            </Button>
          )}
          <Button kind="quiet" icon label={t.dismiss} onPress={() => drop(toast.key)}>
            ×
          </Button>
        </div>
      )),
    [toasts, t, drop],
  );
  return (
    <Context value={add}>
      {children}
      <div className="toasts" role="status" aria-live="polite" ref={corner}>
        {shown}
      </div>
    </Context>
  );
}

/** Shows a message. */
export const useToast = () => useContext(Context);
