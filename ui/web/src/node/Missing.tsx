import { useQuery } from "urql";
import { Button } from "../design/components/Button";
import { Markdown } from "../design/components/Markdown";
import { Empty, Loading } from "../design/components/States";
import { usePlace } from "../shell/graph";
import { useActions } from "./actions";
import { LAST, type Place } from "./documents";
import { useNodeWords } from "./words";

/** No such node: it was deleted, and can come back; it was not there at that time; or it never was. */
export function Missing({ place, level }: { place: Place; level: 1 | 2 }) {
  const t = useNodeWords();
  const { go } = usePlace();
  const { undelete } = useActions();
  const [{ data, fetching }] = useQuery({
    query: LAST,
    variables: { id: place.id, graph: place.graph },
    requestPolicy: "cache-and-network",
  });
  const last = data?.history[0];
  if (!data && fetching) return <Loading />;
  if (!last) return <Empty title={t.missing} level={level} />;
  if (place.asOf)
    return (
      <Empty title={t.missingThen} level={level}>
        <Button onPress={() => go({ asOf: undefined } as never)}>{t.toNow}</Button>
      </Empty>
    );
  return (
    <div className="node">
      <Empty title={t.wasDeleted} level={level}>
        <Button kind="primary" onPress={() => void undelete(place)}>
          {t.undelete}
        </Button>
      </Empty>
      <h2 dir="auto" className="node-title muted">
        {last.title}
      </h2>
      <Markdown text={last.content} />
    </div>
  );
}
