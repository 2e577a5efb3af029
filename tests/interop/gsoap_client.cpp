// Carries out what standard input asks, a line each of words between tabs, with the classes that
// gSOAP makes of the WSDL. Prints what each gives, or "fault" and the contract's message.
//   gsoap_client ENDPOINT PEM CA [MODE...]     PEM: certificate and key; MODE: how gSOAP writes;
//   without "1.1" it chooses SOAP 1.2, where a WSDL binds both
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>
#include <vector>

#include "DeliveryServiceSoapBinding.nsmap"
#include "soapDeliveryServiceSoapBindingProxy.h"

namespace {

using words = std::vector<std::string>;
using proxy = DeliveryServiceSoapBindingProxy;

words split(const std::string& line) {
    words all;
    std::istringstream in{line};
    for (std::string word; std::getline(in, word, '\t');) all.push_back(word);
    return all;
}

std::string text(const std::string* t) { return t ? *t : ""; }

std::string told(const h__EnvelopeHeader* h) {
    if (!h) return "nothing";
    return h->NPPOCertificateNumber + "\t" + text(h->HUBTrackingInfo) + "\t" +
           text(h->hubDeliveryNumber) + "\t" + text(h->hubDeliveryErrorMessage);
}

std::string told(const h__ArrayOfEnvelopeHeader* all) {
    std::string line = std::to_string(all ? all->EnvelopeHeader.size() : 0);
    if (all)
        for (const auto* h : all->EnvelopeHeader) line += "\t" + text(h->hubDeliveryNumber);
    return line;
}

std::string content_of(const std::string& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

// words: operation, number, from, to, ...
void fill(h__EnvelopeHeader& h, const words& w) {
    h.NPPOCertificateNumber = w[1];
    h.From = w[2];
    h.To = w[3];
    h.CertificateType = 851;
    h.CertificateStatus = 70;
}

int carry_out(proxy& with, const words& w, std::string& answer) {
    soap* s = with.soap;
    const auto& operation = w[0];
    if (operation == "DeliverEnvelope" || operation == "ValidateAndDeliverEnvelope") {
        h__Envelope e;
        std::string content = content_of(w[4]);
        fill(e, w);
        e.Content = &content;
        if (operation == "DeliverEnvelope") {
            _e__DeliverEnvelope q;
            _e__DeliverEnvelopeResponse r;
            q.env = &e;
            const int bad = with.DeliverEnvelope(&q, r);
            if (!bad) answer = told(r.DeliverEnvelopeResult);
            return bad;
        }
        _e__ValidateAndDeliverEnvelope q;
        _e__ValidateAndDeliverEnvelopeResponse r;
        q.envelope = &e;
        const int bad = with.ValidateAndDeliverEnvelope(&q, r);
        if (!bad) answer = told(r.ValidateAndDeliverEnvelopeResult);
        return bad;
    }
    if (operation == "DeliverCountryResponseEnvelope") {
        h__CountryResponseEnvelope e;
        fill(e, w);
        auto* acknowledgement = soap_new__ack__SPSAcknowledgement(s);
        acknowledgement->SPSAcknowledgementDocument =
            soap_new__ack__SPSAcknowledgement_SPSAcknowledgementDocument(s);
        acknowledgement->SPSAcknowledgementDocument->ram__StatusCode = std::stoi(w[4]);
        e.ack__SPSAcknowledgement = acknowledgement;
        _e__DeliverCountryResponseEnvelope q;
        _e__DeliverCountryResponseEnvelopeResponse r;
        q.CountryResponseEnvelope = &e;
        const int bad = with.DeliverCountryResponseEnvelope(&q, r);
        if (!bad) answer = told(r.DeliverCountryResponseEnvelopeResult);
        return bad;
    }
    if (operation == "DeliverPhytoEnvelope") {
        h__ePhytoEnvelope e;
        _rsm__SPSCertificate certificate;
        words elements{w.begin() + 4, w.end()};
        for (auto& element : elements) {
            element = content_of(element);
            certificate.__any.push_back(element.data());
        }
        fill(e, w);
        e.rsm__SPSCertificate = &certificate;
        _e__DeliverPhytoEnvelope q;
        _e__DeliverPhytoEnvelopeResponse r;
        q.ePhytoEnvelope = &e;
        const int bad = with.DeliverPhytoEnvelope(&q, r);
        if (!bad) answer = told(r.DeliverPhytoEnvelopeResult);
        return bad;
    }
    if (operation == "SetTrackingInfoUpdate") {
        h__EnvelopeHeader h;
        std::string word = w[4];
        fill(h, w);
        h.HUBTrackingInfo = &word;
        _e__SetTrackingInfoUpdate q;
        _e__SetTrackingInfoUpdateResponse r;
        q.header = &h;
        answer = "done";
        return with.SetTrackingInfoUpdate(&q, r);
    }
    if (operation == "GetEnvelopeTrackingInfo") {
        _e__GetEnvelopeTrackingInfo q;
        _e__GetEnvelopeTrackingInfoResponse r;
        q.hubTrackingNumber = w[1];
        const int bad = with.GetEnvelopeTrackingInfo(&q, r);
        if (!bad) answer = told(r.GetEnvelopeTrackingInfoResult);
        return bad;
    }
    if (operation == "GetUnderDeliveryEnvelope") {
        _e__GetUnderDeliveryEnvelope q;
        _e__GetUnderDeliveryEnvelopeResponse r;
        const int bad = with.GetUnderDeliveryEnvelope(&q, r);
        if (!bad) answer = told(r.GetUnderDeliveryEnvelopeResult);
        return bad;
    }
    if (operation == "GetImportEnvelopeHeaders") {
        _e__GetImportEnvelopeHeaders q;
        _e__GetImportEnvelopeHeadersResponse r;
        const int bad = with.GetImportEnvelopeHeaders(&q, r);
        if (!bad) answer = told(r.GetImportEnvelopeHeadersResult);
        return bad;
    }
    if (operation == "PULLSingleImportEnvelope") {
        _e__PULLSingleImportEnvelope q;
        _e__PULLSingleImportEnvelopeResponse r;
        q.hubTrackingNumber = w[1];
        const int bad = with.PULLSingleImportEnvelope(&q, r);
        if (bad) return bad;
        const auto* e = r.PULLSingleImportEnvelopeResult;
        std::ofstream{w[2], std::ios::binary} << (e ? text(e->Content) : "");
        answer = told(e);
        return bad;
    }
    if (operation == "PULLImportEnvelope") {
        _e__PULLImportEnvelope q;
        _e__PULLImportEnvelopeResponse r;
        const int bad = with.PULLImportEnvelope(&q, r);
        if (bad) return bad;
        const auto* all = r.PULLImportEnvelopesResult;
        answer = std::to_string(all ? all->Envelope.size() : 0);
        for (std::size_t i = 0; all && i < all->Envelope.size(); ++i) {
            const auto* e = all->Envelope[i];
            std::ofstream{w[1] + std::to_string(i), std::ios::binary} << text(e->Content);
            answer += "\t" + e->NPPOCertificateNumber;
        }
        return bad;
    }
    if (operation == "AcknowledgeEnvelopeReceipt") {
        _e__AcknowledgeEnvelopeReceipt q;
        _e__AcknowledgeEnvelopeReceiptResponse r;
        q.hubTrackingNumber = w[1];
        answer = "done";
        return with.AcknowledgeEnvelopeReceipt(&q, r);
    }
    if (operation == "AdvancedAcknowledgeEnvelopeReceipt") {
        _e__AdvancedAcknowledgeEnvelopeReceipt q;
        _e__AdvancedAcknowledgeEnvelopeReceiptResponse r;
        q.hubTrackingNumber = w[1];
        q.warningMessage = w[2];
        const int bad = with.AdvancedAcknowledgeEnvelopeReceipt(&q, r);
        answer = text(r.return_);
        return bad;
    }
    if (operation == "AcknowledgeFailedEnvelopeReceipt") {
        _e__AcknowledgeFailedEnvelopeReceipt q;
        _e__AcknowledgeFailedEnvelopeReceiptResponse r;
        q.hubTrackingNumber = w[1];
        q.message = w[2];
        const int bad = with.AcknowledgeFailedEnvelopeReceipt(&q, r);
        answer = text(r.return_);
        return bad;
    }
    if (operation == "ValidatePhytoXML") {
        _e__ValidatePhytoXML q;
        _e__ValidatePhytoXMLResponse r;
        q.ePhytoXML = content_of(w[1]);
        const int bad = with.ValidatePhytoXML(&q, r);
        std::size_t severe = 0;
        for (const auto* each : r.ValidationResult)
            severe += each->level && *each->level == e__validationLevel__SEVERE;
        answer = std::to_string(severe);
        return bad;
    }
    answer = "there is no such operation here";
    return 0;
}

std::string fault_of(proxy& with) {
    const auto* f = with.soap->fault;
    const SOAP_ENV__Detail* detail = f ? (f->detail ? f->detail : f->SOAP_ENV__Detail) : nullptr;
    if (detail && detail->e__HubWebException) return text(detail->e__HubWebException->message);
    std::ostringstream out;
    with.soap_stream_fault(out);
    return out.str();
}

const std::map<std::string, soap_mode> modes{
    {"chunked", SOAP_IO_CHUNK},      {"nil", SOAP_XML_NIL},
    {"indented", SOAP_XML_INDENT},   {"canonical", SOAP_XML_CANONICAL},
    {"default", SOAP_XML_DEFAULTNS}, {"kept-alive", SOAP_IO_KEEPALIVE},
    {"gzipped", SOAP_ENC_ZLIB}};

}  // namespace

int main(int count, char** given) {
    soap_ssl_init();
    proxy with{given[1], SOAP_C_UTFSTRING};
    for (int i = 4; i < count; ++i) {
        if (std::string{given[i]} == "1.1")
            soap_set_version(with.soap, 1);
        else
            soap_set_omode(with.soap, modes.at(given[i]));
    }
    if (soap_ssl_client_context(with.soap, SOAP_SSL_DEFAULT, given[2], nullptr, given[3], nullptr,
                                nullptr)) {
        with.soap_stream_fault(std::cerr);
        return 1;
    }
    for (std::string line; std::getline(std::cin, line);) {
        std::string answer;
        if (carry_out(with, split(line), answer))
            std::cout << "fault\t" << fault_of(with) << '\n';
        else
            std::cout << answer << '\n';
        with.destroy();
    }
}
