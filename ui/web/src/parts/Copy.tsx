import { Button } from "../design/components/Button";
import { Icon } from "../shell/Icon";
import { useToast } from "../shell/toasts";
import { usePartsWords } from "./words";

/** Copies a text; `name` says of what. */
export function Copy({ text, name }: { text: string; name: string }) {
  const t = usePartsWords();
  const toast = useToast();
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    toast({ text: t.copied(name), tone: "ok" });
  };
  return (
    <Button kind="quiet" icon label={t.copy(name)} onPress={() => void copy()}>
      <Icon path="M9 9h11v11H9zM5 15H4V4h11v1" />
    </Button>
  );
}
