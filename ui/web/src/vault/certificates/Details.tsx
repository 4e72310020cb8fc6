import { useDates } from "../../i18n";
import { Copy } from "../../parts/Copy";
import { Fact, Facts, Panel } from "../../parts/Split";
import { useSpans } from "../../parts/span";
import { CertificateLink } from "./CertificateLink";
import type { Certificate } from "./documents";
import { chainOf, commonNameOf, nameOf, placeOf, stateOf } from "./model";
import { StateMark } from "./StateMark";
import { useCertificateWords } from "./words";

interface Props {
  readonly serial: string;
  readonly certificates: readonly Certificate[];
  readonly now: number;
  readonly close: () => void;
}

/** One certificate: whose, by whom, with what key, from when until when. */
export function Details({ serial, certificates, now, close }: Props) {
  const t = useCertificateWords();
  const dates = useDates();
  const one = certificates.find((certificate) => certificate.serial === serial);
  return (
    <Panel label={t.details} title={<span dir="auto">{one ? nameOf(one) : <code>{serial}</code>}</span>} close={close}>
      {!one && <p className="muted">{t.gone}</p>}
      {one && (
        <>
          <div>
            <StateMark state={stateOf(one, now)} />
          </div>
          <Validity certificate={one} now={now} />
          <Facts>
            {one.revokedAt && <Fact name={t.revokedAt}>{dates.moment(one.revokedAt)}</Fact>}
            {one.dnsNames.length > 0 && (
              <Fact name={t.names}>
                {one.dnsNames.map((name) => (
                  <div key={name}>{name}</div>
                ))}
              </Fact>
            )}
            <Fact name={t.issuer}>{one.issuer}</Fact>
            <Fact name={t.key}>
              {one.keyType} {one.keyBits || ""}
            </Fact>
            <Fact name={t.serial}>
              <span className="row">
                <code className="certificates-serial">{one.serial}</code>
                <Copy text={one.serial} name={t.serial} />
              </span>
            </Fact>
            <Chain certificate={one} certificates={certificates} />
          </Facts>
        </>
      )}
    </Panel>
  );
}

/** The time from begin to end as a line, and where now is on it. */
function Validity({ certificate, now }: { certificate: Certificate; now: number }) {
  const t = useCertificateWords();
  const dates = useDates();
  const span = useSpans();
  const { notBefore, notAfter } = certificate;
  const place = placeOf(certificate, now);
  const left = (Date.parse(notAfter) - now) / 1000;
  return (
    <div className="certificates-validity">
      <h3>{t.validity}</h3>
      <div className="certificates-time" aria-hidden="true">
        <span className="certificates-passed" style={{ width: `${100 * place}%` }} />
        <span className="certificates-now" style={{ left: `${100 * place}%` }} />
      </div>
      <div className="certificates-ends">
        <span>
          <span className="visually-hidden">{t.from} </span>
          <time dateTime={notBefore}>{dates.day(notBefore)}</time>
        </span>
        <strong>{left > 0 ? t.left(span(left)) : t.over(dates.ago(notAfter))}</strong>
        <span>
          <span className="visually-hidden">{t.until} </span>
          <time dateTime={notAfter}>{dates.day(notAfter)}</time>
        </span>
      </div>
    </div>
  );
}

/** Who signed it, and who signed that one. */
function Chain({ certificate, certificates }: { certificate: Certificate; certificates: readonly Certificate[] }) {
  const t = useCertificateWords();
  const chain = chainOf(certificate, certificates);
  const last = chain.at(-1) ?? certificate;
  const isRoot = commonNameOf(last.issuer) === last.commonName;
  return (
    <Fact name={t.chain}>
      <ol className="certificates-chain">
        {chain.map((signer) => (
          <li key={signer.id}>
            <CertificateLink certificate={signer} />
          </li>
        ))}
        {isRoot && chain.length === 0 && <li>{t.selfSigned}</li>}
        {!isRoot && (
          <li>
            {commonNameOf(last.issuer)} <span className="muted">({t.unknownSigner})</span>
          </li>
        )}
      </ol>
    </Fact>
  );
}
