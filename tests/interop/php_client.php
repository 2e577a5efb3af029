<?php
// Carries out what standard input asks (JSON: wsdl, pem, key file, ca, version, options, calls: [operation, arguments]) with PHP's
// SoapClient, and prints each answer or fault as a line of JSON. {"xml": text} among the arguments: an element written by hand.
$asked = json_decode(stream_get_contents(STDIN), true);
$tls = stream_context_create(["ssl" => ["cafile" => $asked["ca"], "local_cert" => $asked["pem"], "local_pk" => $asked["key"],
                                        "verify_peer" => true, "verify_peer_name" => true]]);
$client = new SoapClient($asked["wsdl"], $asked["options"] + ["stream_context" => $tls, "exceptions" => true,
    "cache_wsdl" => WSDL_CACHE_NONE, "soap_version" => $asked["version"] == "1.2" ? SOAP_1_2 : SOAP_1_1,
    "features" => SOAP_SINGLE_ELEMENT_ARRAYS]);

function written($given) {
    if (!is_array($given)) return $given;
    return isset($given["xml"]) ? new SoapVar($given["xml"], XSD_ANYXML) : array_map("written", $given);
}

foreach ($asked["calls"] as [$operation, $arguments]) {
    try {
        echo json_encode(["answer" => $client->__soapCall($operation, [written($arguments)])]), "\n";
    } catch (SoapFault $fault) {
        $told = $fault->detail->HubWebException->message ?? null;
        echo json_encode(["fault" => $fault->faultstring, "code" => $fault->faultcode, "told" => $told]), "\n";
    }
}
