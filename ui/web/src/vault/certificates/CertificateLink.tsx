import { Link } from "@tanstack/react-router";
import { type Certified, nameOf } from "./model";

/** A certificate by its name; it opens what is said of it. */
export function CertificateLink({ certificate }: { certificate: Certified }) {
  return (
    <Link
      to="."
      search={((before: object) => ({ ...before, serial: certificate.serial })) as never}
      className="truncate certificates-link"
      dir="auto"
    >
      {nameOf(certificate)}
    </Link>
  );
}
