import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "../design/components/Button";
import { type Found, NodeFinder } from "../design/components/NodeFinder";
import { NodeDetails } from "../node/NodeDetails";
import { useNodeWords } from "../node/words";
import { usePlace } from "../shell/graph";
import { PathSteps } from "./PathSteps";
import { keyOf, placeOfKey } from "./slice";
import { useExplorerWords } from "./words";

interface Props {
  readonly selected: string;
  readonly to: string | undefined;
  readonly select: (key: string | undefined) => void;
  readonly setPath: (to: Found | undefined) => void;
  readonly expand: (key: string) => void;
  readonly collapse: (key: string) => void;
  readonly focus: (key: string) => void;
}

/** The node that is selected, with what the picture can do around it. */
export function Panel({ selected, to, select, setPath, expand, collapse, focus }: Props) {
  const t = useExplorerWords();
  const node = useNodeWords();
  const { asOf } = usePlace();
  const [finding, setFinding] = useState(false);
  const place = placeOfKey(selected);
  return (
    <section className="explorer-panel" aria-label={t.details}>
      <div className="explorer-panel-head">
        <Link
          to="/node/$graph/$id"
          params={place as never}
          search={{ graph: place.graph, ...(asOf ? { asOf } : {}) } as never}
        >
          {t.openPage}
        </Link>
        <Button kind="quiet" icon label={t.close} onPress={() => select(undefined)}>
          ×
        </Button>
      </div>
      <div className="row wrap explorer-acts">
        <Button onPress={() => expand(selected)}>{t.expand}</Button>
        <Button onPress={() => collapse(selected)}>{t.collapse}</Button>
        <Button onPress={() => focus(selected)}>{t.around}</Button>
        <Button onPress={() => setFinding(!finding)}>{t.pathTo}</Button>
      </div>
      {finding && (
        <NodeFinder
          label={node.other}
          graph={place.graph}
          asOf={asOf}
          except={place.id}
          showLabel
          choose={(found) => {
            setFinding(false);
            setPath(found);
          }}
        />
      )}
      {to && <PathSteps from={selected} to={to} select={select} clear={() => setPath(undefined)} />}
      <NodeDetails place={{ ...place, asOf }} level={2} choose={(other) => select(keyOf(other))} />
    </section>
  );
}
