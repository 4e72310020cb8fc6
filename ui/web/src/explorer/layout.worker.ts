import { relax } from "./forces";
import type { Job } from "./layout";

self.onmessage = ({ data }: MessageEvent<Job>) => {
  const places = relax(data);
  self.postMessage(places, { transfer: [places.buffer] });
};
