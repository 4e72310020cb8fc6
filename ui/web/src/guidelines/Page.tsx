import { Link } from "@tanstack/react-router";
import { useAnswer } from "../api/answer";
import { graphql } from "../api/gql";
import { Button } from "../design/components/Button";
import { NodeLink } from "../design/components/NodeLink";
import { Empty } from "../design/components/States";
import { Answered } from "../parts/Answered";
import { useAddress } from "../parts/address";
import { Check } from "../parts/Choices";
import { excerpt } from "../parts/excerpt";
import { GraphChoice } from "../parts/GraphChoice";
import { More } from "../parts/More";
import { usePaging } from "../parts/paging";
import { Typed } from "../parts/Typed";
import { type Applicable, bands, saysTitle } from "./model";
import { useGuidelineWords } from "./words";
import "./guidelines.css";

const GUIDELINES = graphql(`
  query GuidelinesFor($graph: String!, $topic: String, $shared: Boolean!, $overridden: Boolean!, $first: Int!) {
    guidelinesFor(
      graph: $graph
      topic: $topic
      includeShared: $shared
      includeOverridden: $overridden
      first: $first
    ) {
      guideline {
        id
        graph
        title
        type
        content
        tags
      }
      inheritedFrom
      priority
      topic
      applies
      overriddenBy {
        id
        graph
        title
        type
      }
      overrides {
        id
        graph
        title
        type
      }
    }
  }
`);

/** The guidelines that apply in a graph, by priority: what overrides what, and what comes from elsewhere. */
export function Page() {
  const t = useGuidelineWords();
  const [{ topic = "", shared, overridden }, set] = useAddress();
  return (
    <div className="page guidelines">
      <div className="page-head">
        <h1>{t.title}</h1>
      </div>
      <div className="filters">
        <Typed label={t.topic} value={topic} change={(next) => set({ topic: next })} />
        <Check name={t.shared} value={shared !== "no"} change={(on) => set({ shared: on ? "" : "no" })} />
        <Check name={t.overridden} value={overridden === "yes"} change={(on) => set({ overridden: on ? "yes" : "" })} />
      </div>
      <GraphChoice>{(graph) => <Bands graph={graph} />}</GraphChoice>
    </div>
  );
}

function Bands({ graph }: { graph: string }) {
  const t = useGuidelineWords();
  const [{ topic = "", shared, overridden }, set] = useAddress();
  const paging = usePaging(200, `${graph} ${topic} ${shared} ${overridden}`);
  const { first } = paging;
  const answer = useAnswer({
    query: GUIDELINES,
    variables: { graph, topic: topic || null, shared: shared !== "no", overridden: overridden === "yes", first },
  });
  const nothing = (
    <Empty title={t.empty}>
      <span>{t.emptyText}</span>
      {topic ? (
        <Button onPress={() => set({ topic: "" })}>{t.clear}</Button>
      ) : (
        <Link to="/graph" search={{ graph } as never} className="button">
          {t.explore}
        </Link>
      )}
    </Empty>
  );
  return (
    <Answered answer={answer} empty={({ guidelinesFor: found }) => found.length === 0 && nothing}>
      {({ guidelinesFor: found }) => (
        <>
          {bands(found).map(({ priority, items }) => (
            <section key={priority} className="guidelines-band" aria-label={`${t.priority} ${priority}`}>
              <h2>
                <span className="muted">{t.priority}</span> {priority}
              </h2>
              <ul>
                {items.map((item) => (
                  <Guideline key={`${item.guideline.graph}/${item.guideline.id}`} item={item} />
                ))}
              </ul>
            </section>
          ))}
          <More paging={paging} shown={found.length} />
        </>
      )}
    </Answered>
  );
}

function Guideline({
  item: { guideline, inheritedFrom, topic, applies, overriddenBy, overrides },
}: {
  item: Applicable;
}) {
  const t = useGuidelineWords();
  return (
    <li className={applies ? "card guidelines-item" : "card guidelines-item overridden"}>
      <div className="row wrap">
        <NodeLink node={guideline} />
        {!saysTitle(topic, guideline.title) && <span className="badge">{topic}</span>}
        {inheritedFrom && <span className="badge info">{t.from(inheritedFrom)}</span>}
        {!applies && <span className="badge warn">{t.doesNotApply}</span>}
      </div>
      <p dir="auto">{excerpt(guideline.content, guideline.title, 320)}</p>
      {overriddenBy && (
        <div className="row guidelines-beside">
          {t.overriddenBy} <NodeLink node={overriddenBy} />
        </div>
      )}
      {overrides.map((other) => (
        <div key={`${other.graph}/${other.id}`} className="row guidelines-beside">
          {t.overrides} <NodeLink node={other} />
        </div>
      ))}
    </li>
  );
}
