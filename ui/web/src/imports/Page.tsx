import { useState } from "react";
import type { DocumentFormat } from "../api/gql/graphql";
import { Answered } from "../parts/Answered";
import { usePlace } from "../shell/graph";
import { useGraphs } from "../shell/graphs";
import { Jobs } from "./Jobs";
import { Start } from "./Start";
import { Upload } from "./Upload";
import { useImportWords } from "./words";
import "./imports.css";

const FORMATS: readonly DocumentFormat[] = ["AUTO", "ADR", "MARKDOWN", "LOGSEQ", "OBSIDIAN"];

/** Markdown into a graph: from this computer, or from a folder that the server may read. */
export function Page() {
  const t = useImportWords();
  const { graph } = usePlace();
  const answer = useGraphs();
  const [chosen, setChosen] = useState<string>();
  const [format, setFormat] = useState<DocumentFormat>("AUTO");
  const target = chosen ?? graph ?? "default";
  return (
    <div className="page imports">
      <div className="page-head">
        <h1>{t.title}</h1>
      </div>
      <Answered answer={answer}>
        {(data) => (
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
      </Answered>
      <Jobs />
    </div>
  );
}
