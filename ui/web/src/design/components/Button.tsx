import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components";
import "./components.css";

interface Props {
  readonly children: ReactNode;
  readonly onPress?: () => void;
  readonly kind?: "normal" | "primary" | "danger" | "quiet";
  /** A square with a symbol: `label` says what it does. */
  readonly icon?: boolean;
  readonly label?: string;
  readonly disabled?: boolean;
  readonly type?: "button" | "submit";
}

/** A button that looks the same everywhere. */
export function Button({ children, onPress, kind = "normal", icon, label, disabled, type = "button" }: Props) {
  return (
    <AriaButton
      className={["button", kind, icon ? "icon" : ""].join(" ")}
      type={type}
      isDisabled={disabled ?? false}
      {...(label ? { "aria-label": label } : {})}
      {...(onPress ? { onPress } : {})}
    >
      {children}
    </AriaButton>
  );
}
