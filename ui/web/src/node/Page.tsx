import { Loading } from "../design/components/States";

/** Replaced by the page itself. */
export function Page() {
  return <Loading />;
}
