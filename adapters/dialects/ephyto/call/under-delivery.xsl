<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:ec="urn:ecert:exchange" xmlns:e="http://ephyto.ippc.int/" exclude-result-prefixes="ec">
  <xsl:template match="/ec:exchange">
    <e:GetUnderDeliveryEnvelope/>
  </xsl:template>
</xsl:stylesheet>
