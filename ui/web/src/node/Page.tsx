import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "../design/components/Button";
import { usePlace } from "../shell/graph";
import { CreateDialog } from "./CreateDialog";
import { NodeDetails } from "./NodeDetails";
import { useNodeWords } from "./words";

/** One node, at an address of its own. */
export function Page() {
  const t = useNodeWords();
  const navigate = useNavigate();
  const { asOf } = usePlace();
  const { graph, id } = useParams({ strict: false }) as { graph: string; id: string };
  const [creating, setCreating] = useState(false);
  return (
    <div className="page node-page">
      <NodeDetails
        place={{ graph, id, asOf }}
        level={1}
        more={(node) => (
          <>
            <Link
              to="/graph"
              search={{ graph: node.graph, focus: node.id, node: node.id, ...(asOf ? { asOf } : {}) } as never}
              className="button"
            >
              {t.inGraph}
            </Link>
            <Button onPress={() => setCreating(true)}>{t.newNode}</Button>
          </>
        )}
      />
      {creating && (
        <CreateDialog
          graph={graph}
          close={() => setCreating(false)}
          created={(node) => void navigate({ to: "/node/$graph/$id", params: node } as never)}
        />
      )}
    </div>
  );
}
