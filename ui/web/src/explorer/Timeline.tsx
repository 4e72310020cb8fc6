import { useEffect, useMemo, useState } from "react";
import { useQuery } from "urql";
import { Button } from "../design/components/Button";
import { Loading } from "../design/components/States";
import { useDates } from "../i18n";
import { usePlace } from "../shell/graph";
import { INSTANTS } from "./documents";
import { stopsOf } from "./model";
import { useExplorerWords } from "./words";

const STEP_MS = 900;
const MOST = 60;

/** A slider over the instants at which the graph changed; it plays. Its end is now. */
export function Timeline({ graph, asOf }: { graph: string | undefined; asOf: string | undefined }) {
  const t = useExplorerWords();
  const dates = useDates();
  const { go } = usePlace();
  const [playing, setPlaying] = useState(false);
  const [{ data }] = useQuery({ query: INSTANTS, variables: { graph: graph ?? null } });
  const stops = useMemo(() => {
    const nodes = data?.created.nodes ?? [];
    return stopsOf(
      nodes.flatMap((node) => [node.createdAt, node.updatedAt]),
      MOST,
    );
  }, [data]);
  const place = asOf === undefined ? stops.length : placeOf(stops, asOf);
  const show = (next: number) => go({ asOf: stops[next] } as never);
  // biome-ignore lint/correctness/useExhaustiveDependencies: one step after the other, each from where the last one came
  useEffect(() => {
    if (!playing) return;
    if (place >= stops.length) return setPlaying(false);
    const timer = setTimeout(() => show(place + 1), STEP_MS);
    return () => clearTimeout(timer);
  }, [playing, place, stops]);
  const play = () => {
    if (!playing && place >= stops.length) show(0);
    setPlaying(!playing);
  };
  const said = asOf === undefined ? t.now : dates.moment(asOf);
  if (!data) return <Loading lines={1} />;
  return (
    <section className="explorer-time" aria-label={t.time}>
      <Button onPress={play} disabled={stops.length === 0}>
        {playing ? t.pause : t.play}
      </Button>
      <input
        type="range"
        min={0}
        max={stops.length}
        value={place}
        aria-label={t.instant}
        aria-valuetext={said}
        disabled={stops.length === 0}
        onChange={(event) => {
          setPlaying(false);
          show(Number(event.target.value));
        }}
      />
      <output className="explorer-instant">{stops.length ? said : t.noInstants}</output>
    </section>
  );
}

/** The last stop that is not after an instant. */
function placeOf(stops: readonly string[], asOf: string): number {
  const at = Date.parse(asOf);
  return Math.max(
    0,
    stops.findLastIndex((stop) => Date.parse(stop) <= at),
  );
}
