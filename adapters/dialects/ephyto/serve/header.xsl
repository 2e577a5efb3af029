<?xml version="1.0" encoding="UTF-8"?>
<!-- EnvelopeHeader of the contract, in its order; and the words it has for what became of an envelope. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:ec="urn:ecert:exchange" xmlns:e="http://ephyto.ippc.int/"
                xmlns:h="http://ephyto.ippc.int/HUB.Entities" exclude-result-prefixes="ec">
  <xsl:template match="ec:envelope" mode="tracking">
    <xsl:choose>
      <xsl:when test="@standing='pending'">PendingDelivery</xsl:when>
      <xsl:when test="@standing='delivered'">Delivered</xsl:when>
      <xsl:when test="@standing='warned'">DeliveredWithWarnings</xsl:when>
      <xsl:when test="@standing='unreadable'">DeliveredNotReadable</xsl:when>
      <xsl:when test="@standing='failed'">FailedDelivery</xsl:when>
      <xsl:otherwise>EnvelopeNotExists</xsl:otherwise>
    </xsl:choose>
  </xsl:template>
  <xsl:template match="ec:envelope" mode="header">
    <h:From><xsl:value-of select="ec:from"/></h:From>
    <h:To><xsl:value-of select="ec:to"/></h:To>
    <h:CertificateType><xsl:value-of select="ec:type"/></h:CertificateType>
    <h:CertificateStatus><xsl:value-of select="ec:status"/></h:CertificateStatus>
    <h:NPPOCertificateNumber><xsl:value-of select="ec:number"/></h:NPPOCertificateNumber>
    <xsl:if test="ec:reference != ''">
      <h:hubDeliveryNumber><xsl:value-of select="ec:reference"/></h:hubDeliveryNumber>
    </xsl:if>
    <h:HUBTrackingInfo><xsl:apply-templates select="." mode="tracking"/></h:HUBTrackingInfo>
    <xsl:if test="ec:text != ''">
      <h:hubDeliveryErrorMessage><xsl:value-of select="ec:text"/></h:hubDeliveryErrorMessage>
    </xsl:if>
  </xsl:template>
  <xsl:template match="ec:envelope" mode="whole">
    <xsl:apply-templates select="." mode="header"/>
    <xsl:if test="ec:content">
      <h:Content><ec:content ref="{ec:content/@ref}" encoding="{ec:content/@encoding}"/></h:Content>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
