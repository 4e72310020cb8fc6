import { DOC_EXPLORER_PLUGIN } from "@graphiql/plugin-doc-explorer";
import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { type ChangeEvent, useState } from "react";
import { loadSchemaText } from "./api";
import { examplesFor, graphOf } from "./examples";

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/graphql" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

const EXAMPLES = examplesFor(graphOf(window.location.search));
const GROUPS = [...new Set(EXAMPLES.map(({ group }) => group))];

/** Opens an example in a tab of its own. */
function ExampleMenu() {
  const { addTab, setVisiblePlugin } = useGraphiQLActions();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  const open = (event: ChangeEvent<HTMLSelectElement>) => {
    const example = EXAMPLES[Number(event.target.value)];
    event.target.value = "";
    if (!example) return;
    setVisiblePlugin(null);
    addTab();
    queryEditor?.setValue(example.query);
    variableEditor?.setValue(example.variables ?? "");
  };
  return (
    <select aria-label="Open an example" defaultValue="" onChange={open} disabled={!queryEditor}>
      <option value="" disabled>
        Examples
      </option>
      {GROUPS.map((group) => (
        <optgroup key={group} label={group}>
          {EXAMPLES.filter((example) => example.group === group).map((example) => (
            <option key={example.title} value={EXAMPLES.indexOf(example)}>
              {example.title}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

/** Name of the product, examples, and links to what else the server offers. */
export function Header() {
  const { setVisiblePlugin } = useGraphiQLActions();
  const [problem, setProblem] = useState<string>();
  const downloadSchema = () => {
    loadSchemaText().then(
      (text) => {
        setProblem(undefined);
        download("schema.graphql", text);
      },
      (error: unknown) => setProblem(`schema: ${error instanceof Error ? error.message : String(error)}`),
    );
  };
  return (
    <header className="playground-header">
      <a href="/" className="playground-home">
        <img src={`${import.meta.env.BASE_URL}favicon.svg`} alt="" width="20" height="20" />
        <strong>StratumIOps</strong>
      </a>
      <ExampleMenu />
      {problem ? <span role="alert">{problem}</span> : null}
      <nav aria-label="Server">
        <button type="button" onClick={() => setVisiblePlugin(DOC_EXPLORER_PLUGIN)}>
          Docs
        </button>
        <button type="button" onClick={downloadSchema}>
          schema.graphql
        </button>
        <a href="/health">Health</a>
        <a href="/metrics">Metrics</a>
      </nav>
    </header>
  );
}
