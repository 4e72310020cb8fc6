import { useRouter } from "@tanstack/react-router";
import type { MouseEvent } from "react";
import type { View } from "./documents";
import { safeAddress } from "./model";

interface Props {
  readonly view: View;
  readonly opened?: () => void;
}

/** A saved view by its name; it opens in the app, or in another tab as any link does. */
export function ViewLink({ view, opened }: Props) {
  const { history } = useRouter();
  const address = safeAddress(view.address);
  const follow = (event: MouseEvent) => {
    if (!address || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    history.push(address);
    opened?.();
  };
  return (
    <a href={address} onClick={follow} className="views-link truncate" dir="auto">
      {view.name}
    </a>
  );
}
