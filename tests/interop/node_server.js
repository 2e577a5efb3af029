// The IPPC Hub's contract, served by node's `soap` from the WSDL (environment: WSDL, STORE) over node's own TLS. What it holds are
// files in STORE, as called.py says; "lose" there: the next certificate is taken and gets no answer.
//   node_server.js PORT CERTIFICATE KEY CA
const fs = require('fs');
const https = require('https');
const path = require('path');
const soap = require('soap');

const store = process.env.STORE;
const FIELDS = ['From', 'To', 'CertificateType', 'CertificateStatus', 'NPPOCertificateNumber', 'hubDeliveryNumber', 'HUBTrackingInfo',
  'hubDeliveryErrorMessage'];

const called = (...words) => fs.appendFileSync(path.join(store, 'calls'), words.join('\t') + '\n');

function scripted(what) {
  const file = path.join(store, what);
  if (!fs.existsSync(file)) return null;
  const text = fs.readFileSync(file, 'utf8');
  fs.unlinkSync(file);
  return text;
}

function save(header) {
  const file = path.join(store, `${header.hubDeliveryNumber}.envelope`);
  fs.writeFileSync(`${file}.new`, FIELDS.map((field) => header[field] ?? '').join('\t'));
  fs.renameSync(`${file}.new`, file);
}

function load(number) {
  const words = fs.readFileSync(path.join(store, `${number}.envelope`), 'utf8').split('\t');
  return Object.fromEntries(FIELDS.map((field, i) => [field, words[i]]));
}

const numbers = () => fs.readdirSync(store).filter((f) => f.endsWith('.envelope')).map((f) => path.basename(f, '.envelope'));

function pending(side) {
  return numbers().map(load).filter((h) => h[side] === 'CN' && h.HUBTrackingInfo === 'PendingDelivery');
}

// The package gives every element of an answer the operation's namespace: the fields' own has to be said.
const fields = (given) => Object.fromEntries(Object.entries(given).map(([name, value]) => [`h:${name}`, value]));
const headers = (all) => ({ 'h:EnvelopeHeader': all.map(fields) });

const header = (given) => Object.fromEntries(FIELDS.slice(0, 5).map((field) => [field, given[field]]));
const fault = (faultstring, detail) => ({ Fault: { faultcode: 'soap:Server', faultstring, detail, statusCode: 500 } });

function take(operation, envelope, response) {
  called(operation, envelope.NPPOCertificateNumber);
  let text;
  if ((text = scripted('turned-away')) !== null) throw fault(text);
  if ((text = scripted('fault')) !== null) throw fault(text, { 'e:HubWebException': { 'e:message': text } });
  if ((text = scripted('failed')) !== null)
    return fields({ ...header(envelope), HUBTrackingInfo: 'FailedDelivery', hubDeliveryErrorMessage: text });
  const number = `NODE-${numbers().length + 1}`;
  fs.writeFileSync(path.join(store, `${number}.content`), envelope.Content);
  const kept = { ...header(envelope), hubDeliveryNumber: number, HUBTrackingInfo: 'PendingDelivery' };
  save(kept);
  if ((text = scripted('broken')) !== null) throw new Error(text);
  if (scripted('lose') !== null) response.socket.destroy();
  return fields(kept);
}

function acknowledge(operation, number, tracking, message = '') {
  called(operation, number, message);
  save({ ...load(number), HUBTrackingInfo: tracking, hubDeliveryErrorMessage: message });
  return { return: tracking };
}

const operations = {
  DeliverEnvelope: (asked, _, __, ___, response) => ({ DeliverEnvelopeResult: take('DeliverEnvelope', asked.env, response) }),
  ValidateAndDeliverEnvelope: (asked, _, __, ___, response) => (
    { ValidateAndDeliverEnvelopeResult: take('ValidateAndDeliverEnvelope', asked.envelope, response) }),
  DeliverCountryResponseEnvelope({ CountryResponseEnvelope: envelope }) {
    const document = envelope.SPSAcknowledgement.SPSAcknowledgementDocument;
    const reason = document.ReasonInformation;
    called('DeliverCountryResponseEnvelope', envelope.From, envelope.To, envelope.NPPOCertificateNumber, document.StatusCode,
      reason?.$value ?? reason ?? '');
    return { DeliverCountryResponseEnvelopeResult: fields({
      ...header(envelope), hubDeliveryNumber: 'NODE-R', HUBTrackingInfo: 'PendingDelivery' }) };
  },
  GetEnvelopeTrackingInfo({ hubTrackingNumber }) {
    called('GetEnvelopeTrackingInfo', hubTrackingNumber);
    return { GetEnvelopeTrackingInfoResult: fields(load(hubTrackingNumber)) };
  },
  GetUnderDeliveryEnvelope() {
    called('GetUnderDeliveryEnvelope');
    return { GetUnderDeliveryEnvelopeResult: headers(pending('From')) };
  },
  GetImportEnvelopeHeaders() {
    called('GetImportEnvelopeHeaders');
    return { GetImportEnvelopeHeadersResult: headers(pending('To')) };
  },
  PULLSingleImportEnvelope({ hubTrackingNumber }) {
    called('PULLSingleImportEnvelope', hubTrackingNumber);
    const Content = fs.readFileSync(path.join(store, `${hubTrackingNumber}.content`), 'utf8');
    return { PULLSingleImportEnvelopeResult: fields({ ...load(hubTrackingNumber), Content }) };
  },
  AcknowledgeEnvelopeReceipt({ hubTrackingNumber }) {
    acknowledge('AcknowledgeEnvelopeReceipt', hubTrackingNumber, 'Delivered');
    return {};
  },
  AdvancedAcknowledgeEnvelopeReceipt: ({ hubTrackingNumber, warningMessage }) => (
    acknowledge('AdvancedAcknowledgeEnvelopeReceipt', hubTrackingNumber, 'DeliveredWithWarnings', warningMessage)),
  AcknowledgeFailedEnvelopeReceipt: ({ hubTrackingNumber, message }) => (
    acknowledge('AcknowledgeFailedEnvelopeReceipt', hubTrackingNumber, 'DeliveredNotReadable', message)),
};

const [port, cert, key, ca] = process.argv.slice(2);
const server = https.createServer({
  cert: fs.readFileSync(cert), key: fs.readFileSync(key), ca: fs.readFileSync(ca), requestCert: true, rejectUnauthorized: true });
server.listen(Number(port), '127.0.0.1');
const wsdl = fs.readFileSync(process.env.WSDL, 'utf8').replaceAll('urn:ecert:address', `https://127.0.0.1:${port}/`);
const serving = soap.listen(server, '/', { DeliveryService: { IDeliveryServiceImplPort: operations } }, wsdl);
serving.wsdl.options.preserveWhitespace = true; // a client's option alone, and content must keep its ends
