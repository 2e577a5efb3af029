<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:ec="urn:ecert:exchange" xmlns:t="urn:test:line" exclude-result-prefixes="ec">
  <xsl:template match="/ec:exchange">
    <t:Deliver>
      <t:Id><xsl:value-of select="ec:message-id"/></t:Id>
      <t:From><xsl:value-of select="ec:envelope/ec:from"/></t:From>
      <t:To><xsl:value-of select="ec:envelope/ec:to"/></t:To>
      <t:Number><xsl:value-of select="ec:envelope/ec:number"/></t:Number>
      <t:Type><xsl:value-of select="ec:envelope/ec:type"/></t:Type>
      <t:Status><xsl:value-of select="ec:envelope/ec:status"/></t:Status>
      <t:Certificate encoding="{ec:content/@encoding}">
        <ec:content ref="content" encoding="{ec:content/@encoding}"/>
      </t:Certificate>
    </t:Deliver>
  </xsl:template>
</xsl:stylesheet>
