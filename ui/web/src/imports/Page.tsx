import { useState } from "react";
import { useQuery } from "urql";
import { graphql } from "../api/gql";
import type { DocumentFormat } from "../api/gql/graphql";
import { Failed, Loading } from "../design/components/States";
import { usePlace } from "../shell/graph";
import { Jobs } from "./Jobs";
import { Start } from "./Start";
import { Upload } from "./Upload";
import { useImportWords } from "./words";
import "./imports.css";

const GRAPHS = graphql(`
  query ImportGraphs {
    graphs {
      name
      title
    }
  }
`);

const FORMATS: readonly DocumentFormat[] = ["AUTO", "ADR", "MARKDOWN", "LOGSEQ", "OBSIDIAN"];

/** Markdown into a graph: from this computer, or from a folder that the server may read. */
export function Page() {
  const t = useImportWords();
  const { graph } = usePlace();
  const [{ data, error }, ask] = useQuery({ query: GRAPHS });
  const [chosen, setChosen] = useState<string>();
  const [format, setFormat] = useState<DocumentFormat>("AUTO");
  const target = chosen ?? graph ?? "default";
  return (
    <div className="page imports">
      <div className="page-head">
        <h1>{t.title}</h1>
      </div>
      {error && !data && <Failed error={error} retry={() => ask({ requestPolicy: "network-only" })} />}
      {!data && !error && <Loading />}
      {data && (
        <>
          <div className="imports-target">
            <div className="field">
              <label htmlFor="imports-graph">{t.into}</label>
              <select
                id="imports-graph"
                className="input"
                value={target}
                onChange={(event) => setChosen(event.target.value)}
              >
                {data.graphs.map(({ name, title }) => (
                  <option key={name} value={name}>
                    {title && title !== name ? `${name} – ${title}` : name}
                  </option>
                ))}
              </select>
            </div>
            <div className="field">
              <label htmlFor="imports-format">{t.format}</label>
              <select
                id="imports-format"
                className="input"
                value={format}
                onChange={(event) => setFormat(event.target.value as DocumentFormat)}
              >
                {FORMATS.map((one) => (
                  <option key={one} value={one}>
                    {t[one]}
                  </option>
                ))}
              </select>
            </div>
          </div>
          <div className="imports-ways">
            <Upload graph={target} format={format} />
            <Start graph={target} format={format} />
          </div>
        </>
      )}
      <Jobs />
    </div>
  );
}
