<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:ec="urn:ecert:exchange" xmlns:e="http://ephyto.ippc.int/" xmlns:h="http://ephyto.ippc.int/HUB.Entities"
                xmlns:ack="urn:un:unece:uncefact:data:standard:SPSAcknowledgement:17"
                xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:21"
                exclude-result-prefixes="ec">
  <xsl:include href="header.xsl"/>
  <xsl:template match="/ec:exchange">
    <e:DeliverCountryResponseEnvelope>
      <e:CountryResponseEnvelope>
        <xsl:apply-templates select="ec:envelope"/>
        <ack:SPSAcknowledgement>
          <ack:SPSAcknowledgementDocument>
            <ram:StatusCode><xsl:value-of select="ec:answer/ec:status"/></ram:StatusCode>
            <xsl:if test="string(ec:answer/ec:reason)">
              <ram:ReasonInformation>
                <xsl:if test="string(ec:answer/ec:reason/@language)">
                  <xsl:attribute name="languageID"><xsl:value-of select="ec:answer/ec:reason/@language"/></xsl:attribute>
                </xsl:if>
                <xsl:value-of select="ec:answer/ec:reason"/>
              </ram:ReasonInformation>
            </xsl:if>
          </ack:SPSAcknowledgementDocument>
        </ack:SPSAcknowledgement>
      </e:CountryResponseEnvelope>
    </e:DeliverCountryResponseEnvelope>
  </xsl:template>
</xsl:stylesheet>
