<?php
// The IPPC Hub's contract, served by PHP's SoapServer from the node's own WSDL (`php -S`, environment: WSDL, STORE). What it holds
// are files in STORE, as called.py says.
const FIELDS = ["From", "To", "CertificateType", "CertificateStatus", "NPPOCertificateNumber", "hubDeliveryNumber", "HUBTrackingInfo",
                "hubDeliveryErrorMessage"];

class Hub {
    function __construct(private string $store) {}

    private function called(string ...$words) {
        file_put_contents("$this->store/calls", implode("\t", $words) . "\n", FILE_APPEND);
    }

    private function scripted(string $what): ?string {
        $file = "$this->store/$what";
        if (!file_exists($file)) return null;
        $text = file_get_contents($file);
        unlink($file);
        return $text;
    }

    private function save(array $envelope) {
        $file = "$this->store/{$envelope['hubDeliveryNumber']}.envelope";
        file_put_contents("$file.new", implode("\t", array_map(fn($field) => $envelope[$field] ?? "", FIELDS)));
        rename("$file.new", $file);
    }

    private function header(string $number): ?array {
        $file = "$this->store/$number.envelope";
        return file_exists($file) ? array_combine(FIELDS, explode("\t", file_get_contents($file))) : null;
    }

    private function pending(string $side): array {
        $all = array_map(fn($file) => $this->header(basename($file, ".envelope")), glob("$this->store/*.envelope"));
        return array_values(array_filter($all, fn($e) => $e[$side] == "CN" && $e["HUBTrackingInfo"] == "PendingDelivery"));
    }

    private function taken(string $operation, object $envelope): array {
        $this->called($operation, $envelope->NPPOCertificateNumber);
        if (($text = $this->scripted("turned-away")) !== null) throw new SoapFault("Server", $text);
        if (($text = $this->scripted("fault")) !== null)
            throw new SoapFault("Server", $text, null, ["message" => $text], "HubWebException");
        $header = array_intersect_key((array)$envelope, array_flip(FIELDS));
        if (($text = $this->scripted("failed")) !== null)
            return $header + ["HUBTrackingInfo" => "FailedDelivery", "hubDeliveryErrorMessage" => $text];
        $number = "PHP-" . (count(glob("$this->store/*.envelope")) + 1);
        file_put_contents("$this->store/$number.content", $envelope->Content);
        $header += ["hubDeliveryNumber" => $number, "HUBTrackingInfo" => "PendingDelivery"];
        $this->save($header);
        if (($text = $this->scripted("broken")) !== null) throw new SoapFault("Server", $text);
        return $header;
    }

    private function acknowledged(string $operation, object $asked, string $tracking, string $message = "") {
        $this->called($operation, $asked->hubTrackingNumber, $message);
        $this->save(["HUBTrackingInfo" => $tracking, "hubDeliveryErrorMessage" => $message] + $this->header($asked->hubTrackingNumber));
        return ["return" => $tracking];
    }

    function DeliverEnvelope($asked) {
        return ["DeliverEnvelopeResult" => $this->taken(__FUNCTION__, $asked->env)];
    }

    function ValidateAndDeliverEnvelope($asked) {
        return ["ValidateAndDeliverEnvelopeResult" => $this->taken(__FUNCTION__, $asked->envelope)];
    }

    function DeliverCountryResponseEnvelope($asked) {
        $envelope = $asked->CountryResponseEnvelope;
        $document = $envelope->SPSAcknowledgement->SPSAcknowledgementDocument;
        $this->called(__FUNCTION__, $envelope->From, $envelope->To, $envelope->NPPOCertificateNumber, $document->StatusCode,
                      $document->ReasonInformation->_ ?? "");
        return ["DeliverCountryResponseEnvelopeResult" => ["hubDeliveryNumber" => "PHP-R", "HUBTrackingInfo" => "PendingDelivery"]
                + array_intersect_key((array)$envelope, array_flip(FIELDS))];
    }

    function GetEnvelopeTrackingInfo($asked) {
        $this->called(__FUNCTION__, $asked->hubTrackingNumber);
        return ["GetEnvelopeTrackingInfoResult" => $this->header($asked->hubTrackingNumber)];
    }

    function GetUnderDeliveryEnvelope() {
        $this->called(__FUNCTION__);
        return ["GetUnderDeliveryEnvelopeResult" => ["EnvelopeHeader" => $this->pending("From")]];
    }

    function GetImportEnvelopeHeaders() {
        $this->called(__FUNCTION__);
        return ["GetImportEnvelopeHeadersResult" => ["EnvelopeHeader" => $this->pending("To")]];
    }

    function PULLSingleImportEnvelope($asked) {
        $this->called(__FUNCTION__, $asked->hubTrackingNumber);
        $content = file_get_contents("$this->store/$asked->hubTrackingNumber.content");
        return ["PULLSingleImportEnvelopeResult" => $this->header($asked->hubTrackingNumber) + ["Content" => $content]];
    }

    function AcknowledgeEnvelopeReceipt($asked) {
        $this->acknowledged(__FUNCTION__, $asked, "Delivered");
    }

    function AdvancedAcknowledgeEnvelopeReceipt($asked) {
        return $this->acknowledged(__FUNCTION__, $asked, "DeliveredWithWarnings", $asked->warningMessage);
    }

    function AcknowledgeFailedEnvelopeReceipt($asked) {
        return $this->acknowledged(__FUNCTION__, $asked, "DeliveredNotReadable", $asked->message);
    }
}

$server = new SoapServer(getenv("WSDL"), ["cache_wsdl" => WSDL_CACHE_NONE]);
$server->setObject(new Hub(getenv("STORE")));
$server->handle();
