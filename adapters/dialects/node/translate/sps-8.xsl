<?xml version="1.0" encoding="UTF-8"?>
<!-- An SPSCertificate 17 as version 8: the same elements in the older namespaces, dates as udt:DateTime. Which ram and udt go with
     version 8 is the partner's parameters sps8_ram and sps8_udt; where the defaults come from: ../README.md. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:ec="urn:ecert:exchange"
                xmlns:rsm17="urn:un:unece:uncefact:data:standard:SPSCertificate:17"
                xmlns:ram21="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:21"
                xmlns:udt21="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:21"
                exclude-result-prefixes="ec rsm17 ram21 udt21">
  <xsl:variable name="ram">
    <xsl:text>urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:</xsl:text>
    <xsl:choose>
      <xsl:when test="ec:param('sps8_ram') != ''"><xsl:value-of select="ec:param('sps8_ram')"/></xsl:when>
      <xsl:otherwise>12</xsl:otherwise>
    </xsl:choose>
  </xsl:variable>
  <xsl:variable name="udt">
    <xsl:text>urn:un:unece:uncefact:data:standard:UnqualifiedDataType:</xsl:text>
    <xsl:choose>
      <xsl:when test="ec:param('sps8_udt') != ''"><xsl:value-of select="ec:param('sps8_udt')"/></xsl:when>
      <xsl:otherwise>15</xsl:otherwise>
    </xsl:choose>
  </xsl:variable>
  <xsl:template match="@*|text()|processing-instruction()|comment()"><xsl:copy/></xsl:template>
  <xsl:template match="rsm17:*">
    <xsl:element name="rsm:{local-name()}" namespace="urn:un:unece:uncefact:data:standard:SPSCertificate:8">
      <xsl:apply-templates select="@*|node()"/>
    </xsl:element>
  </xsl:template>
  <xsl:template match="ram21:*">
    <xsl:element name="ram:{local-name()}" namespace="{$ram}">
      <xsl:apply-templates select="@*|node()"/>
    </xsl:element>
  </xsl:template>
  <xsl:template match="udt21:DateTimeString">
    <xsl:element name="udt:DateTime" namespace="{$udt}">
      <xsl:apply-templates select="@*|node()"/>
    </xsl:element>
  </xsl:template>
  <xsl:template match="udt21:*">
    <xsl:element name="udt:{local-name()}" namespace="{$udt}">
      <xsl:apply-templates select="@*|node()"/>
    </xsl:element>
  </xsl:template>
  <xsl:template match="*">
    <xsl:message terminate="yes">an element in a namespace that version 8 does not know: <xsl:value-of select="name()"/></xsl:message>
  </xsl:template>
</xsl:stylesheet>
