<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:ec="urn:ecert:exchange" xmlns:t="urn:test:line" exclude-result-prefixes="ec">
  <xsl:template match="/ec:exchange">
    <t:Taken>
      <t:Reference><xsl:value-of select="ec:facts/ec:fact[@name='message_id']"/></t:Reference>
      <t:Digest><xsl:value-of select="ec:facts/ec:fact[@name='digest']"/></t:Digest>
      <t:Size><xsl:value-of select="ec:facts/ec:fact[@name='size']"/></t:Size>
    </t:Taken>
  </xsl:template>
</xsl:stylesheet>
