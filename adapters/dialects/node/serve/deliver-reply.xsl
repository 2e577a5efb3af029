<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:ec="urn:ecert:exchange" xmlns:n="urn:ecert:node:1" exclude-result-prefixes="ec">
  <xsl:include href="receipt.xsl"/>
  <xsl:template match="/ec:exchange">
    <n:DeliverResponse>
      <xsl:apply-templates select="ec:facts"/>
    </n:DeliverResponse>
  </xsl:template>
</xsl:stylesheet>
