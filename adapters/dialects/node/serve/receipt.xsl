<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:ec="urn:ecert:exchange" xmlns:n="urn:ecert:node:1" exclude-result-prefixes="ec">
  <xsl:template match="ec:facts">
    <n:Receipt>
      <n:MessageID><xsl:value-of select="ec:fact[@name='message_id']"/></n:MessageID>
      <xsl:if test="ec:fact[@name='digest']">
        <n:Digest><xsl:value-of select="ec:fact[@name='digest']"/></n:Digest>
        <n:Size><xsl:value-of select="ec:fact[@name='size']"/></n:Size>
      </xsl:if>
      <n:Receiver><xsl:value-of select="ec:fact[@name='receiver']"/></n:Receiver>
      <n:Time><xsl:value-of select="ec:fact[@name='time']"/></n:Time>
    </n:Receipt>
  </xsl:template>
</xsl:stylesheet>
