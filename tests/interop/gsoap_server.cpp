// The IPPC Hub's contract, served with the classes that gSOAP makes of the WSDL, over its own TLS.
// What it holds are files in STORE, as called.py says; "lose" there: the next certificate is
// taken and gets no answer.
//   gsoap_server PORT PEM CA     PEM: certificate and key
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

#include "DeliveryServiceSoapBinding.nsmap"
#include "soapDeliveryServiceSoapBindingService.h"

namespace {

using service = DeliveryServiceSoapBindingService;
namespace fs = std::filesystem;

const fs::path store = std::getenv("STORE");

std::string read(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

void called(std::initializer_list<std::string> words) {
    std::ofstream out{store / "calls", std::ios::app};
    const char* before = "";
    for (const auto& word : words) out << std::exchange(before, "\t") << word;
    out << '\n';
}

std::optional<std::string> scripted(const char* what) {
    if (!fs::exists(store / what)) return {};
    auto text = read(store / what);
    fs::remove(store / what);
    return text;
}

std::string* text(soap* s, const std::string& t) {
    if (t.empty()) return nullptr;
    auto* made = soap_new_std__string(s);
    *made = t;
    return made;
}

std::string text(const std::string* t) { return t ? *t : ""; }

void save(const h__EnvelopeHeader& h) {
    const auto file = store / (*h.hubDeliveryNumber + ".envelope");
    std::ofstream{store / "saved"} << h.From << '\t' << h.To << '\t' << h.CertificateType << '\t'
                                   << h.CertificateStatus << '\t' << h.NPPOCertificateNumber << '\t'
                                   << *h.hubDeliveryNumber << '\t' << text(h.HUBTrackingInfo)
                                   << '\t' << text(h.hubDeliveryErrorMessage);
    fs::rename(store / "saved", file);
}

template <class Header>
Header* load(soap* s, Header* h, const std::string& number) {
    std::istringstream in{read(store / (number + ".envelope"))};
    std::vector<std::string> fields(8);
    for (auto& field : fields) std::getline(in, field, '\t');
    h->From = fields[0];
    h->To = fields[1];
    h->CertificateType = std::stoi(fields[2]);
    h->CertificateStatus = std::stoi(fields[3]);
    h->NPPOCertificateNumber = fields[4];
    h->hubDeliveryNumber = text(s, fields[5]);
    h->HUBTrackingInfo = text(s, fields[6]);
    h->hubDeliveryErrorMessage = text(s, fields[7]);
    return h;
}

h__EnvelopeHeader* load(soap* s, const std::string& number) {
    return load(s, soap_new_h__EnvelopeHeader(s), number);
}

std::vector<std::string> numbers() {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator{store})
        if (entry.path().extension() == ".envelope") all.push_back(entry.path().stem());
    return all;
}

h__ArrayOfEnvelopeHeader* pending(soap* s, std::string h__EnvelopeHeader::*side) {
    auto* all = soap_new_h__ArrayOfEnvelopeHeader(s);
    for (const auto& number : numbers()) {
        auto* h = load(s, number);
        if (h->*side == "CN" && text(h->HUBTrackingInfo) == "PendingDelivery")
            all->EnvelopeHeader.push_back(h);
    }
    return all;
}

int judged(soap* s, const std::string& why) {
    soap_receiver_fault(s, soap_strdup(s, why.c_str()), nullptr);
    auto* detail = soap_new_SOAP_ENV__Detail(s);
    detail->e__HubWebException = soap_new__e__HubWebException(s);
    detail->e__HubWebException->message = text(s, why);
    s->fault->detail = detail;
    return SOAP_FAULT;
}

h__EnvelopeHeader* answered(soap* s, const h__EnvelopeHeader& asked, const std::string& tracking) {
    auto* h = soap_new_h__EnvelopeHeader(s);
    h->From = asked.From;
    h->To = asked.To;
    h->CertificateType = asked.CertificateType;
    h->CertificateStatus = asked.CertificateStatus;
    h->NPPOCertificateNumber = asked.NPPOCertificateNumber;
    h->HUBTrackingInfo = text(s, tracking);
    return h;
}

int take(soap* s, const char* operation, const h__Envelope& e, h__EnvelopeHeader*& answer) {
    called({operation, e.NPPOCertificateNumber});
    if (const auto why = scripted("turned-away"))
        return soap_receiver_fault(s, soap_strdup(s, why->c_str()), nullptr);
    if (const auto why = scripted("fault")) return judged(s, *why);
    if (const auto why = scripted("failed")) {
        answer = answered(s, e, "FailedDelivery");
        answer->hubDeliveryErrorMessage = text(s, *why);
        return SOAP_OK;
    }
    answer = answered(s, e, "PendingDelivery");
    answer->hubDeliveryNumber = text(s, "GSOAP-" + std::to_string(numbers().size() + 1));
    std::ofstream{store / (*answer->hubDeliveryNumber + ".content"), std::ios::binary}
        << text(e.Content);
    save(*answer);
    if (const auto why = scripted("broken"))
        return soap_receiver_fault(s, soap_strdup(s, why->c_str()), nullptr);
    if (!scripted("lose")) return SOAP_OK;
    soap_force_closesock(s);
    return SOAP_STOP;
}

void acknowledge(soap* s, const char* operation, const std::string& number, const char* tracking,
                 const std::string& message) {
    called({operation, number, message});
    auto* h = load(s, number);
    h->HUBTrackingInfo = text(s, tracking);
    h->hubDeliveryErrorMessage = text(s, message);
    save(*h);
}

}  // namespace

// gSOAP wants every operation once for each of the WSDL's two bindings.
#define SERVED(operation)                                                         \
    int service::operation##_(_e__##operation* q, _e__##operation##Response& r) { \
        return operation(q, r);                                                   \
    }                                                                             \
    int service::operation([[maybe_unused]] _e__##operation* q,                   \
                           [[maybe_unused]] _e__##operation##Response& r)

SERVED(DeliverEnvelope) { return take(soap, "DeliverEnvelope", *q->env, r.DeliverEnvelopeResult); }

SERVED(ValidateAndDeliverEnvelope) {
    return take(soap, "ValidateAndDeliverEnvelope", *q->envelope,
                r.ValidateAndDeliverEnvelopeResult);
}

SERVED(DeliverCountryResponseEnvelope) {
    const auto& e = *q->CountryResponseEnvelope;
    const auto& document = *e.ack__SPSAcknowledgement->SPSAcknowledgementDocument;
    const auto* reason = document.ram__ReasonInformation;
    called({"DeliverCountryResponseEnvelope", e.From, e.To, e.NPPOCertificateNumber,
            std::to_string(document.ram__StatusCode), reason ? reason->__item : ""});
    r.DeliverCountryResponseEnvelopeResult = answered(soap, e, "PendingDelivery");
    r.DeliverCountryResponseEnvelopeResult->hubDeliveryNumber = text(soap, "GSOAP-R");
    return SOAP_OK;
}

SERVED(GetEnvelopeTrackingInfo) {
    called({"GetEnvelopeTrackingInfo", q->hubTrackingNumber});
    r.GetEnvelopeTrackingInfoResult = load(soap, q->hubTrackingNumber);
    return SOAP_OK;
}

SERVED(GetUnderDeliveryEnvelope) {
    called({"GetUnderDeliveryEnvelope"});
    r.GetUnderDeliveryEnvelopeResult = pending(soap, &h__EnvelopeHeader::From);
    return SOAP_OK;
}

SERVED(GetImportEnvelopeHeaders) {
    called({"GetImportEnvelopeHeaders"});
    r.GetImportEnvelopeHeadersResult = pending(soap, &h__EnvelopeHeader::To);
    return SOAP_OK;
}

SERVED(PULLSingleImportEnvelope) {
    called({"PULLSingleImportEnvelope", q->hubTrackingNumber});
    auto* e = load(soap, soap_new_h__Envelope(soap), q->hubTrackingNumber);
    e->Content = text(soap, read(store / (q->hubTrackingNumber + ".content")));
    r.PULLSingleImportEnvelopeResult = e;
    return SOAP_OK;
}

SERVED(AcknowledgeEnvelopeReceipt) {
    acknowledge(soap, "AcknowledgeEnvelopeReceipt", q->hubTrackingNumber, "Delivered", "");
    return SOAP_OK;
}

SERVED(AdvancedAcknowledgeEnvelopeReceipt) {
    acknowledge(soap, "AdvancedAcknowledgeEnvelopeReceipt", q->hubTrackingNumber,
                "DeliveredWithWarnings", q->warningMessage);
    r.return_ = text(soap, "DeliveredWithWarnings");
    return SOAP_OK;
}

SERVED(AcknowledgeFailedEnvelopeReceipt) {
    acknowledge(soap, "AcknowledgeFailedEnvelopeReceipt", q->hubTrackingNumber,
                "DeliveredNotReadable", q->message);
    r.return_ = text(soap, "DeliveredNotReadable");
    return SOAP_OK;
}

// Nobody calls these here.
SERVED(DeliverPhytoEnvelope) { return SOAP_NO_METHOD; }
SERVED(PULLImportEnvelope) { return SOAP_NO_METHOD; }
SERVED(SetTrackingInfoUpdate) { return SOAP_NO_METHOD; }
SERVED(ValidatePhytoXML) { return SOAP_NO_METHOD; }

int main(int, char** given) {
    soap_ssl_init();
    service serving{SOAP_C_UTFSTRING, SOAP_C_UTFSTRING | SOAP_IO_CHUNK};
    soap* s = serving.soap;
    s->send_timeout = s->recv_timeout = 30;
    s->bind_flags = SO_REUSEADDR;
    if (soap_ssl_server_context(s, SOAP_SSL_REQUIRE_CLIENT_AUTHENTICATION, given[2], nullptr,
                                given[3], nullptr, nullptr, nullptr, "hub") ||
        !soap_valid_socket(serving.bind("127.0.0.1", std::atoi(given[1]), 100))) {
        serving.soap_stream_fault(std::cerr);
        return 1;
    }
    while (soap_valid_socket(serving.accept())) {
        if (serving.ssl_accept() || serving.serve()) serving.soap_stream_fault(std::cerr);
        serving.destroy();
    }
}
