<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:ec="urn:ecert:exchange" xmlns:n="urn:ecert:node:1" exclude-result-prefixes="ec">
  <xsl:include href="envelope.xsl"/>
  <xsl:template match="/ec:exchange">
    <n:Deliver>
      <xsl:apply-templates select="ec:envelope"/>
      <n:Content size="{ec:content/@size}" sha256="{ec:content/@sha256}">
        <xsl:if test="ec:content/@encoding != 'text'">
          <xsl:attribute name="encoding"><xsl:value-of select="ec:content/@encoding"/></xsl:attribute>
        </xsl:if>
        <ec:content ref="content" encoding="{ec:content/@encoding}"/>
      </n:Content>
    </n:Deliver>
  </xsl:template>
</xsl:stylesheet>
