import type Sigma from "sigma";

/** What shows, as a picture; drawn anew before, as a WebGL canvas forgets after it was shown. */
export function pictureOf(sigma: Sigma, background: string, done: (picture: Blob | null) => void): void {
  sigma.refresh({ skipIndexation: true });
  const layers = [...sigma.getContainer().querySelectorAll("canvas")];
  const first = layers[0];
  const target = document.createElement("canvas");
  const context = target.getContext("2d");
  if (!first || !context) {
    done(null);
    return;
  }
  [target.width, target.height] = [first.width, first.height];
  context.fillStyle = background;
  context.fillRect(0, 0, target.width, target.height);
  for (const layer of layers) context.drawImage(layer, 0, 0);
  target.toBlob(done, "image/png");
}
