<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:ec="urn:ecert:exchange" xmlns:e="http://ephyto.ippc.int/"
                xmlns:h="http://ephyto.ippc.int/HUB.Entities" exclude-result-prefixes="ec">
  <xsl:include href="header.xsl"/>
  <xsl:template match="/ec:exchange">
    <xsl:element name="e:{@operation}Response">
      <xsl:element name="e:{@operation}Result">
        <xsl:for-each select="ec:envelopes/ec:envelope">
          <h:EnvelopeHeader><xsl:apply-templates select="." mode="header"/></h:EnvelopeHeader>
        </xsl:for-each>
      </xsl:element>
    </xsl:element>
  </xsl:template>
</xsl:stylesheet>
