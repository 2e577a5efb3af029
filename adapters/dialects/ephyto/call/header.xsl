<?xml version="1.0" encoding="UTF-8"?>
<!-- The fields of an EnvelopeHeader that a sender fills, in the order of the contract. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:ec="urn:ecert:exchange" xmlns:h="http://ephyto.ippc.int/HUB.Entities" exclude-result-prefixes="ec">
  <xsl:template match="ec:envelope">
    <h:From><xsl:value-of select="ec:from"/></h:From>
    <h:To><xsl:value-of select="ec:to"/></h:To>
    <h:CertificateType><xsl:value-of select="ec:type"/></h:CertificateType>
    <h:CertificateStatus><xsl:value-of select="ec:status"/></h:CertificateStatus>
    <h:NPPOCertificateNumber><xsl:value-of select="ec:number"/></h:NPPOCertificateNumber>
  </xsl:template>
</xsl:stylesheet>
