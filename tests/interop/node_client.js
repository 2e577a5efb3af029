// Carries out what standard input asks (JSON: wsdl, pem, key, ca, port, client: options of a client, call: options of a call, calls:
// [operation, arguments]) with node's `soap`, and prints each answer or fault as a line of JSON.
const fs = require('fs');
const soap = require('soap');
const asked = JSON.parse(fs.readFileSync(0, 'utf8'));
const tls = { cert: fs.readFileSync(asked.pem), key: fs.readFileSync(asked.key), ca: fs.readFileSync(asked.ca) };

async function main() {
  const agent = new (require('https').Agent)(tls);
  const client = await soap.createClientAsync(asked.wsdl, {
    wsdl_options: { httpsAgent: agent }, forceSoap12Headers: asked.port.includes('12'), ...asked.client });
  client.setSecurity(new soap.ClientSSLSecurity(tls.key, tls.cert, tls.ca, {}));
  const port = client.DeliveryService[asked.port];
  for (const [operation, given] of asked.calls) {
    await new Promise((done) => port[operation](given, (wrong, answer) => {
      const told = wrong && wrong.root && JSON.stringify(wrong.root.Envelope.Body.Fault);
      console.log(JSON.stringify(wrong ? { fault: wrong.message, told } : { answer }));
      done();
    }, asked.call));
  }
}
main().catch((e) => { console.error(e); process.exit(1); });
