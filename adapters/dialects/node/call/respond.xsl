<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:ec="urn:ecert:exchange" xmlns:n="urn:ecert:node:1"
                xmlns:ack="urn:un:unece:uncefact:data:standard:SPSAcknowledgement:17"
                xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:21"
                exclude-result-prefixes="ec">
  <xsl:include href="envelope.xsl"/>
  <xsl:template match="/ec:exchange">
    <n:Respond>
      <n:RelatesTo><xsl:value-of select="ec:relates-to"/></n:RelatesTo>
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
          <ram:ReferenceSPSReferencedDocument>
            <ram:TypeCode><xsl:value-of select="ec:envelope/ec:type"/></ram:TypeCode>
            <ram:RelationshipTypeCode>ZZZ</ram:RelationshipTypeCode>
            <ram:ID><xsl:value-of select="ec:envelope/ec:number"/></ram:ID>
          </ram:ReferenceSPSReferencedDocument>
        </ack:SPSAcknowledgementDocument>
      </ack:SPSAcknowledgement>
    </n:Respond>
  </xsl:template>
</xsl:stylesheet>
