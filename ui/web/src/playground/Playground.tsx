import { DOC_EXPLORER_PLUGIN, DocExplorerStore } from "@graphiql/plugin-doc-explorer";
import { HISTORY_PLUGIN, HistoryStore } from "@graphiql/plugin-history";
import { GraphiQLProvider } from "@graphiql/react";
import { GraphiQL, GraphiQLInterface } from "graphiql";
import { useEffect } from "react";
import { createFetcher } from "./api";
import { examplesFor, graphOf } from "./examples";
import { Header } from "./Header";
import { watchTabs } from "./tabs";

const fetcher = createFetcher();
const defaultTabs = examplesFor(graphOf(window.location.search))
  .filter(({ open }) => open)
  .map(({ query, variables }) => ({ query, variables: variables ?? "" }));

/** GraphiQL over our API, with example tabs on the first visit and a row of links above. */
export function Playground() {
  useEffect(watchTabs, []);
  return (
    <GraphiQLProvider
      fetcher={fetcher}
      defaultTabs={defaultTabs}
      plugins={[DOC_EXPLORER_PLUGIN, HISTORY_PLUGIN]}
      referencePlugin={DOC_EXPLORER_PLUGIN}
    >
      <HistoryStore>
        <DocExplorerStore>
          <div className="playground">
            <Header />
            <main className="playground-body">
              <GraphiQLInterface defaultEditorToolsVisibility="variables" showPersistHeadersSettings={false}>
                <GraphiQL.Logo>{null}</GraphiQL.Logo>
              </GraphiQLInterface>
            </main>
          </div>
        </DocExplorerStore>
      </HistoryStore>
    </GraphiQLProvider>
  );
}
