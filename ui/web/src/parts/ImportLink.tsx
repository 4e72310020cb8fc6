import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

/** Leads to the import of files, into the graph that shows: what to do where a page has nothing to show. */
export function ImportLink({ graph, children }: { graph: string | undefined; children: ReactNode }) {
  return (
    <Link to="/import" search={(graph ? { graph } : {}) as never} className="button">
      {children}
    </Link>
  );
}
